using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Privacy;

/// <summary>Names that only the holder of a key can lead back: a keyed hash of the value.</summary>
/// <remarks>HMAC with SHA-256 (RFC 2104, FIPS 180-4). A plain hash of an e-mail address or a number is no pseudonym: whoever can list the values can hash them.</remarks>
internal sealed class Pseudonyms
{
    private const int KeyBytes = 32;
    private const int Shown = 20;
    private readonly byte[] _key;

    private Pseudonyms(byte[] key) => _key = key;

    /// <summary>Reads the key, or makes one that only the owner can read.</summary>
    /// <exception cref="GnomonError"><c>bad-key</c> or <c>cannot-write</c>.</exception>
    public static Pseudonyms Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using var writer = new StreamWriter(path, Encoding.ASCII, options);
                writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)));
            }

            var key = Convert.FromHexString(File.ReadAllText(path).Trim());
            return key.Length >= KeyBytes ? new Pseudonyms(key) : throw new FormatException($"{key.Length} bytes");
        }
        catch (FormatException wrong)
        {
            throw new GnomonError("bad-key", $"{path} is no key: it must hold {KeyBytes} bytes or more as hexadecimal digits ({wrong.Message}).", "--key-file", "Name a file that is not there, and one is made.", wrong);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("cannot-write", $"The key could not be read or made: {wrong.Message}", "--key-file", "Name a file in a folder that exists and can be written.", wrong);
        }
    }

    /// <param name="column">The column: the same value in two columns gets two pseudonyms.</param>
    /// <param name="value">The value.</param>
    public string Of(string column, string value) => "p" + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{column}\n{value}")))[..Shown];
}
