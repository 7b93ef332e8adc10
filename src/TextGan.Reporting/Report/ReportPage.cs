using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace TextGan.Reporting.Report;

/// <summary>
/// Makes one HTML page of the template, its styles and scripts and a report's data. A policy in it allows these very scripts and styles and
/// nothing else: no other script, no connection; a page that is served may ask its own server.
/// </summary>
sealed partial class ReportPage
{
    static readonly string[] Styles = ["uplot/uPlot.min.css", "page.css"];

    static readonly string[] Scripts =
    [
        "uplot/uPlot.iife.min.js", "elements.js", "tables.js", "legend.js", "summary.js", "curves.js", "tradeoff.js", "samples.js",
        "page.js",
    ];

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // '<', '>' and '&' are escaped as well, so that no text can end the script element.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    readonly string style, script;

    ReportPage(string connections, params string[] moreScripts)
    {
        style = string.Join('\n', Styles.Select(Resource));
        script = $"/*\n{Resource("uplot/LICENSE").Trim()}\n*/\n" + string.Join('\n', Scripts.Concat(moreScripts).Select(Resource));
        Policy = $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; {connections}base-uri 'none'; " +
            "form-action 'none'";
    }

    /// <summary>A page that is opened from disk.</summary>
    public static ReportPage File { get; } = new("");

    /// <summary>A page that is served, and asks for newer data.</summary>
    public static ReportPage Live { get; } = new("connect-src 'self'; ", "live.js");

    /// <summary>What the page may do, as Content-Security-Policy has it.</summary>
    public string Policy { get; }

    /// <summary>A report's data as the page reads them.</summary>
    public static string JsonOf(ReportData data) => JsonSerializer.Serialize(data, Json);

    /// <summary>The page of data.</summary>
    public string Of(string title, string data) => Place().Replace(Resource("page.html"), place => place.Groups["name"].Value switch
    {
        "policy" => Policy,
        "title" => HtmlEncoder.Default.Encode(title),
        "style" => style,
        "script" => script,
        var name => name == "data" ? data : throw new InvalidOperationException(name),
    });

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}")]
    private static partial Regex Place();

    static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"TextGan.Reporting.Report.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
