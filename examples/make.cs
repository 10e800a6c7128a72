#:project ../src/Gnomon.Numerics/Gnomon.Numerics.csproj
#:property PublishAot=false
// Writes the example files beside this program: dotnet run examples/make.cs. Everything in them is simulated; nobody in them exists.
using Gnomon.Numerics.Random;

var folder = args.Length > 0 ? args[0] : "examples";


// A checkout test: 9,000 users over two weeks, 10 % against 12.5 % conversion, spend before the test explains part of the revenue.
Write("checkout.csv", lost: 0);

// The same test with a fault: 12 % of the treatment's users were never logged.
Write("checkout-broken.csv", lost: 0.12);

void Write(string name, double lost)
{
    var rng = new Rng(20260105).Stream("checkout");
    using var file = new StreamWriter(Path.Combine(folder, name)) { NewLine = "\n" };
    file.WriteLine("user_id,arm,day,spend_before,converted,revenue");
    for (var user = 1; user <= 9_000; user++)
    {
        var treatment = rng.NextDouble() < 0.5;
        var day = new DateOnly(2026, 1, 5).AddDays(rng.NextInt(14));
        var before = 10 + 6 * rng.NextGamma(2);
        var converted = rng.NextDouble() < (treatment ? 0.125 : 0.10);
        var revenue = converted ? Math.Max(5, 0.8 * before + 25 + 8 * rng.NextNormal()) : 0;
        if (!treatment || rng.NextDouble() >= lost)
        {
            file.WriteLine($"{100_000 + user},{(treatment ? "new" : "control")},{day:yyyy-MM-dd},{before:0.00},{(converted ? 1 : 0)},{revenue:0.00}");
        }
    }
}

// Typing speed over a week of practice: 24 people, each with a pace and a gain of their own; half of them on a split keyboard, which gains 0.9 words a day more. A few days are missing.
using (var file = new StreamWriter(Path.Combine(folder, "typing.csv")) { NewLine = "\n" })
{
    var rng = new Rng(20260112).Stream("typing");
    file.WriteLine("person,day,keyboard,speed");
    for (var person = 1; person <= 24; person++)
    {
        var (pace, gain, split) = (6 * rng.NextNormal(), 0.8 * rng.NextNormal(), person % 2 == 0);
        for (var day = 1; day <= 7; day++)
        {
            var speed = 42 + pace + (1.2 + gain + (split ? 0.9 : 0)) * day + 2.5 * rng.NextNormal();
            if (rng.NextDouble() > 0.05)
            {
                file.WriteLine($"P{person:00},{day},{(split ? "split" : "flat")},{speed:0.0}");
            }
        }
    }
}
