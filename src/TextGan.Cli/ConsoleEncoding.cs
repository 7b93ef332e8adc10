using System.Text;

namespace TextGan.Cli;

/// <summary>
/// A console of Windows has a code page that lacks most characters of texts, and what is piped into another program would be in it, too.
/// Other systems say by their locale what they can show.
/// </summary>
public static class ConsoleEncoding
{
    public static void Apply()
    {
        if (!OperatingSystem.IsWindows()) return;
        var before = Console.OutputEncoding;
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.OutputEncoding = before; // the code page is the console's, not ours
        }
        catch (IOException)
        {
            // there is no console
        }
    }
}
