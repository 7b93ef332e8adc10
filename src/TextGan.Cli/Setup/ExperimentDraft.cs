using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TextGan.Cli.Setup;

/// <summary>
/// Writes an experiment for a file that was looked at: likelihood first, then discriminators against a control, with settings that train in
/// minutes on two processors, each with its reason in a comment.
/// </summary>
public static class ExperimentDraft
{
    const int Updates = 2500, LongestText = 128;

    /// <param name="survey">The file.</param>
    /// <param name="path">Its path as the experiment names it.</param>
    /// <param name="name">What names of experiments begin with.</param>
    /// <param name="schema">What the experiment writes as its "$schema"; null leaves it out.</param>
    public static string Of(DataSurvey survey, string path, string name, string? schema)
    {
        var token = survey.IsOfCharacters ? "character" : "word";
        // With an end token; the CNN's widest filter is 5 tokens wide.
        var length = Math.Clamp(survey.Long + 1, 8, LongestText);
        var heldOut = Math.Max(0.01, Math.Round(Math.Min(0.1, 2000.0 / survey.Texts), 2));
        var train = (int)(survey.Texts * (1 - heldOut));
        var batch = train >= 512 ? 64 : train >= 256 ? 32 : train >= 128 ? 16 : 8; // eight updates an epoch or more
        var epochs = Math.Clamp((int)Math.Ceiling((double)Updates * batch / train), 1, 30);
        var (embedding, hidden) = train < 20_000 ? (64, 128) : (128, 256);
        var order = survey.Median >= 4 ? 3 : 2;
        var samples = Math.Clamp((int)(survey.Texts * heldOut) / 50 * 50, 100, 1000);
        var (isOfPairs, isSmall) = (survey.Form == SurveyForm.Preferences, train < 20_000);
        var (data, what, kind) = isOfPairs ? ("pairs", "pair", "preferences") : ("texts", "text", "text");
        var format = survey.Form == SurveyForm.JsonLines ? ", \"format\": \"json-lines\"" : "";
        var tokenizer = survey.IsOfCharacters ? "\"character\""
            : "\"word\"" + (survey.HasPunctuation ? ", \"splitPunctuation\": true" : "");
        var (texts, different) = (Number(survey.Texts) + (survey.IsPart ? " or more" : ""), Number(survey.Different));
        var (median, most, longest) = (Number(survey.Median), Number(survey.Long), Number(survey.Longest));
        var doubles = survey.Duplicates == 0 ? "all different" : $"{Number(survey.Duplicates)} of them equal to an earlier one";
        var schemaLine = schema is null ? "// For completion in an editor: 'textgan schema', and here \"$schema\": \"textgan.schema.json\"."
            : $"\"$schema\": {JsonText(schema)},";
        var share = heldOut.ToString(CultureInfo.InvariantCulture);
        var coverage = survey.Coverage >= 0.9999 ? $"all {different} different {token}s"
            : $"{Percent(survey.Coverage)} of all {token}s; the others become <unk>";
        var size = isSmall ? "Small, as there are few texts: a larger model would learn them by heart."
            : "The texts are enough for a model of medium size.";
        var (dropout, updates) = (isSmall ? ", \"dropout\": 0.2" : "", Number((long)epochs * train / batch));
        var question = isOfPairs ? "Two judges: is it like the chosen texts, and is it the better one?"
            : "One judge: is it a text of the file?";
        return $$"""
            {
              // Written by 'textgan init' after a look at {{JsonText(path)}}:
              // {{texts}} {{what}}s, {{doubles}}; {{different}} different {{token}}s. A text has {{median}} {{token}}s in the
              // median, at most {{most}} in 95% of the cases, {{longest}} in the longest.
              // Check it by 'textgan validate', run it by 'textgan run'.
              {{schemaLine}}
              "defaults": {
                // A first look. Compare with "seeds": [1, 2, 3]: a difference smaller than that between seeds says nothing.
                "seeds": [1],
                "data": {
                  // The held-out {{what}}s are never trained on; nll and BLEU are measured against them.{{DuplicateNote(survey)}}
                  "{{data}}": { "kind": "{{kind}}", "path": {{JsonText(path)}}{{format}}, "heldOut": {{share}} }
                },{{PromptNote(survey, data)}}
                // {{TokenizerNote(survey)}}
                // The vocabulary has {{coverage}}.
                "tokenizer": { "kind": {{tokenizer}}, "vocabulary": {{survey.Vocabulary}} },
                // In tokens, with the end token: {{LengthNote(survey, length)}}.
                "length": {{length}},
                // {{size}}
                "generator": { "kind": "lstm", "embedding": {{embedding}}, "hidden": {{hidden}}{{dropout}} },
                // About {{updates}} updates of {{batch}} texts; it ends early when the held-out loss has not fallen for two epochs.
                "pretraining": {
                  "data": "{{data}}", "epochs": {{epochs}}, "batch": {{batch}}, "patience": 2,
                  "optimizer": { "kind": "adam", "learningRate": 0.003 }
                },
                // Careful steps: the KL to the pretrained generator keeps the texts from drifting to whatever fools a judge.
                "estimator": { "kind": "reinforce", "baseline": { "kind": "leave-one-out" } },
                "normalization": {},
                "regularizers": { "kl": 2 },
                "training": { "iterations": 100, "batch": 64, "optimizer": { "kind": "adam", "learningRate": 0.0005 } },
                // Quality (nll and BLEU against held-out texts) and diversity (self-BLEU: lower is better; distinct n-grams) together: a
                // generator that repeats one good sentence is good in the first alone.
                "evaluation": {
                  "every": 25, "samples": {{samples}},
                  "metrics": [
                    { "kind": "nll", "data": "{{data}}" }, { "kind": "bleu", "data": "{{data}}", "orders": [{{order}}] },
                    { "kind": "self-bleu", "orders": [{{order}}] }, { "kind": "distinct-n", "orders": [{{order}}] }, { "kind": "length" },
                    { "kind": "reference-kl" }
                  ]
                }
              },
              "experiments": [
                {
                  "name": "{{name}}", "description": "{{question}}",
                  "discriminators": [
            {{(isOfPairs ? Pairs(data) : Single(data))}}
                  ]
                },
                {
                  // A change that happens here, too, is not due to the judges.
                  "name": "{{name}}-control", "description": "Control: every text has the same reward.",
                  "discriminators": [{ "name": "constant", "kind": "constant" }],
                  "estimator": { "kind": "reinforce", "baseline": { "kind": "none" } }
                }
              ]
            }

            """.ReplaceLineEndings("\n");
    }

    static string Single(string data) => $$"""
                // Learns real texts against the generator's own, as in a GAN; more judges can be added, each with data of its own.
                { "name": "real", "kind": "cnn", "data": "{{data}}", "pretrainingSteps": 100 }
        """;

    static string Pairs(string data) => $$"""
                // Learns chosen texts against the generator's own, so that these stay texts.
                {
                  "name": "real", "kind": "cnn", "data": "{{data}}", "opponents": { "generated": 1, "rejected": 0 },
                  "pretrainingSteps": 100
                },
                // Learns which text of a pair was chosen (Bradley-Terry) before the generator trains, and is frozen then.
                {
                  "name": "preferred", "kind": "cnn", "data": "{{data}}", "loss": { "kind": "bradley-terry" },
                  "opponents": { "generated": 0, "rejected": 1 }, "pretrainingSteps": 200, "freezeAfter": 0
                }
        """;

    static string LengthNote(DataSurvey survey, int length) => survey.Longest < length ? "all texts fit"
        : length == LongestText ? $"longer texts are cut; more than {LongestText} take long"
        : "95% of the texts or more fit, the others are cut";

    static string TokenizerNote(DataSurvey survey) => survey.IsOfCharacters
        ? "A token is a character: the script has no blanks between words, or the texts are single words."
        : $"A token is a word{(survey.HasPunctuation ? " or a punctuation character" : "")}: the texts have blanks between words.";

    static string DuplicateNote(DataSurvey survey) => survey.Duplicates * 100L < survey.Texts ? ""
        : "\n      // Many texts are there twice, so that some held-out ones are trained on and nll looks too good: better remove them.";

    static string PromptNote(DataSurvey survey, string data) => survey.Prompts == 0 ? ""
        : $"\n    // {Number(survey.Prompts)} texts answer a prompt. They are learnt without; to learn answers: \"prompts\": \"{data}\" " +
            "and a larger length.";

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    static string JsonText(string text) => SafeText.Json(JsonSerializer.Serialize(text, Relaxed));

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
