using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace TextGan.Reporting.Report;

/// <summary>
/// Makes one HTML file of the template, its styles and scripts and a report's data. A policy in it allows these very scripts and styles and
/// nothing else: no other script, no connection.
/// </summary>
static partial class ReportPage
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

    /// <summary>The page.</summary>
    public static string Of(ReportData data)
    {
        var style = string.Join('\n', Styles.Select(Resource));
        var script = $"/*\n{Resource("uplot/LICENSE").Trim()}\n*/\n" + string.Join('\n', Scripts.Select(Resource));
        return Place().Replace(Resource("page.html"), place => place.Groups["name"].Value switch
        {
            "policy" =>
                $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; base-uri 'none'; form-action 'none'",
            "title" => HtmlEncoder.Default.Encode(data.Title),
            "style" => style,
            "script" => script,
            var name => name == "data" ? JsonSerializer.Serialize(data, Json) : throw new InvalidOperationException(name),
        });
    }

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
