#:project ../src/Gnomon/Gnomon.csproj
#:property PublishAot=false
// dotnet run examples/hello.cs
using Gnomon;
using Gnomon.Studies.Ab;

var finding = Ask.Ab(new AbOptions
{
    Data = "examples/checkout.csv",
    Unit = "user_id",
    Variant = "arm",
    Metric = ["converted"],
    Guardrail = ["revenue>=-5%"],
    Time = "day",
    Split = "50/50",
});

Console.WriteLine(finding.Decision.Summary);
foreach (var check in finding.Checks.Where(c => c.Status is Gnomon.Core.Checks.CheckStatus.Warn or Gnomon.Core.Checks.CheckStatus.Fail))
{
    Console.WriteLine($"{check.Id}: {check.Evidence}");
}
