using Gnomon.Cli.Parsing;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;

namespace Gnomon.Cli.Running;

/// <summary>The ledger of one run: beside the data, where --ledger says, or none.</summary>
/// <param name="Ledger">What the study asks and the front door appends to.</param>
/// <param name="IsNew">True when there was no ledger there before this run.</param>
internal sealed record LedgerChoice(ILedger Ledger, bool IsNew) : IDisposable
{
    public static LedgerChoice Open(VerbLine line, string workingFolder)
    {
        if (line.Output.NoLedger)
        {
            return new LedgerChoice(NoLedger.Instance, IsNew: false);
        }

        var path = LedgerLocation.For(line.Options.Data, line.Output.Ledger, workingFolder);
        return new LedgerChoice(new SqliteLedger(path), !File.Exists(path));
    }

    public void Dispose() => (Ledger as IDisposable)?.Dispose();
}
