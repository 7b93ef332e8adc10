using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Data;

namespace TextGan.Tests.Data;

public class TextDataOptionsTests
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    static readonly object[] Kinds =
    [
        new object[] { """{"kind":"text","path":"p"}""", new TextDataOptions { Path = "p" } },
        new object[]
        {
            """{"kind":"text","path":"p","heldOutPath":"h","heldOut":0.1,"seed":3,"limit":5,"onError":"skip","maximumLineLength":9}""",
            new TextDataOptions { Path = "p", HeldOutPath = "h", HeldOut = 0.1, Seed = 3, Limit = 5, OnError = MalformedLines.Skip,
                MaximumLineLength = 9 },
        },
        new object[]
        {
            """{"kind":"preferences","path":"p","heldOutPath":"h","heldOut":0.1,"seed":3,"limit":5""" +
                ""","onError":"skip","maximumLineLength":9,"part":"dialogue","foldWhitespace":false}""",
            new PreferenceDataOptions
            {
                Path = "p", HeldOutPath = "h", HeldOut = 0.1, Seed = 3, Limit = 5, OnError = MalformedLines.Skip, MaximumLineLength = 9,
                Part = PreferencePart.Dialogue, FoldWhitespace = false,
            },
        },
        new object[]
        {
            """{"kind":"preferences","path":"p","onError":"fail","part":"last-reply"}""", new PreferenceDataOptions { Path = "p" },
        },
    ];

    [TestCaseSource(nameof(Kinds))]
    public void Options_come_from_JSON(string json, DataOptions expected)
    {
        var options = JsonSerializer.Deserialize<DataOptions>(json, Json)!;
        Assert.That(options, Is.EqualTo(expected));
        Assert.That(options.HasRejected, Is.EqualTo(options is PreferenceDataOptions));
    }

    [Test]
    public void Defaults_are_as_documented()
    {
        var text = new TextDataOptions();
        var preferences = new PreferenceDataOptions();
        Assert.That((text.HeldOut, text.HeldOutPath, text.Seed, text.Limit, text.OnError, text.MaximumLineLength),
            Is.EqualTo((0.0, (string?)null, 1, (int?)null, MalformedLines.Fail, 1_000_000)));
        Assert.That((preferences.HeldOut, preferences.HeldOutPath, preferences.Seed, preferences.Limit, preferences.OnError,
            preferences.MaximumLineLength), Is.EqualTo((0.0, (string?)null, 1, (int?)null, MalformedLines.Fail, 1_000_000)));
        Assert.That((preferences.Part, preferences.FoldWhitespace), Is.EqualTo((PreferencePart.LastReply, true)));
    }

    [TestCase(-0.1, false)]
    [TestCase(0.99, true)]
    [TestCase(1.0, false)]
    public void A_share_is_below_one(double heldOut, bool isValid)
    {
        var options = new TextDataOptions { Path = "p", HeldOut = heldOut };
        Assert.That(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true),
            Is.EqualTo(isValid));
    }
}
