using System.Globalization;
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
    /// <param name="schema">The schema as the experiment names it; null if there is none.</param>
    public static string Of(DataSurvey survey, string path, string name, string? schema)
    {
        var token = survey.IsOfCharacters ? "character" : "word";
        // With an end token; the CNN's widest filter is 5 tokens wide.
        var length = Math.Clamp(survey.Long + 1, 8, LongestText);
        var heldOut = Math.Max(0.01, Math.Round(Math.Min(0.1, 2000.0 / survey.Texts), 2));
        var train = (int)(survey.Texts * (1 - heldOut));
        var batch = new[] { 64, 32, 16 }.FirstOrDefault(size => size * 8 <= train, 8);
        var epochs = Math.Clamp((int)Math.Ceiling((double)Updates * batch / train), 1, 30);
        var (embedding, hidden) = train < 20_000 ? (64, 128) : (128, 256);
        var order = survey.Median >= 4 ? 3 : 2;
        var samples = Math.Clamp((int)(survey.Texts * heldOut) / 50 * 50, 100, 1000);
        var isOfPairs = survey.Form == DataForm.Preferences;
        var what = isOfPairs ? "pair" : "text";
        var format = survey.Form == DataForm.JsonLines ? ", \"format\": \"json-lines\"" : "";
        var tokenizer = survey.IsOfCharacters ? "\"character\"" : $"\"word\"{(survey.HasPunctuation ? ", \"splitPunctuation\": true" : "")}";
        var data = isOfPairs ? "pairs" : "texts";
        return $$"""
            {
              // Written by 'textgan init' after a look at {{JsonText(path)}}: {{Number(survey.Texts)}}{{(survey.IsPart ? " or more" : "")}} {{what}}s,
              // {{(survey.Duplicates == 0 ? "all different" : $"{Number(survey.Duplicates)} of them equal to an earlier one")}}; {{Number(survey.Different)}} different {{token}}s; a text has {{Number(survey.Median)}} {{token}}s in the median,
              // at most {{Number(survey.Long)}} in 95% of the cases, {{Number(survey.Longest)}} in the longest. Check it by 'textgan validate', run it by 'textgan run'.
              {{(schema is null ? "// For completion in an editor: 'textgan schema', and here \"$schema\": \"textgan.schema.json\"." : $"\"$schema\": {JsonText(schema)},")}}
              "defaults": {
                // A first look. Compare with "seeds": [1, 2, 3]: a difference smaller than that between seeds says nothing.
                "seeds": [1],
                "data": {
                  // The held-out {{what}}s are never trained on; figures such as nll and BLEU are measured against them.{{DuplicateNote(survey)}}
                  "{{data}}": { "kind": "{{(isOfPairs ? "preferences" : "text")}}", "path": {{JsonText(path)}}{{format}}, "heldOut": {{heldOut.ToString(CultureInfo.InvariantCulture)}} }
                },{{PromptNote(survey, data)}}
                // {{TokenizerNote(survey)}}
                // The vocabulary has {{(survey.Coverage >= 0.9999 ? "all of them" : $"{Percent(survey.Coverage)} of their occurrences; the rest becomes <unk>")}}.
                "tokenizer": { "kind": {{tokenizer}}, "vocabulary": {{survey.Vocabulary}} },
                // In tokens, with the end token: {{LengthNote(survey, length)}}.
                "length": {{length}},
                // {{(train < 20_000 ? "Small, as there are few texts: a larger model would learn them by heart." : "The texts are enough for a model of medium size.")}}
                "generator": { "kind": "lstm", "embedding": {{embedding}}, "hidden": {{hidden}}{{(train < 20_000 ? ", \"dropout\": 0.2" : "")}} },
                // About {{Number((long)epochs * train / batch)}} updates of {{batch}} texts; it ends early when the held-out loss has not fallen for two epochs.
                "pretraining": {
                  "data": "{{data}}", "epochs": {{epochs}}, "batch": {{batch}}, "patience": 2, "optimizer": { "kind": "adam", "learningRate": 0.003 }
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
                  "name": "{{name}}", "description": "{{(isOfPairs ? "Two judges: is it like the chosen texts, and is it the better one?" : "One judge: is it a text of the file?")}}",
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
                { "name": "real", "kind": "cnn", "data": "{{data}}", "opponents": { "generated": 1, "rejected": 0 }, "pretrainingSteps": 100 },
                // Learns which text of a pair was chosen (Bradley-Terry) before the generator trains, and is frozen then.
                {
                  "name": "preferred", "kind": "cnn", "data": "{{data}}", "loss": { "kind": "bradley-terry" },
                  "opponents": { "generated": 0, "rejected": 1 }, "pretrainingSteps": 200, "freezeAfter": 0
                }
        """;

    static string LengthNote(DataSurvey survey, int length) => survey.Longest < length ? "all texts fit"
        : length == LongestText ? $"longer texts are cut; more than {LongestText} take long" : "95% of the texts or more fit, the others are cut";

    static string TokenizerNote(DataSurvey survey) => survey.IsOfCharacters
        ? "A token is a character: the script has no blanks between words, or the texts are single words."
        : $"A token is a word{(survey.HasPunctuation ? " or a punctuation character" : "")}: the texts have blanks between words.";

    static string DuplicateNote(DataSurvey survey) => survey.Duplicates < survey.Texts / 100 ? ""
        : "\n      // Many texts are there twice, so that some held-out ones are trained on, too: nll is too good then. Better remove them.";

    static string PromptNote(DataSurvey survey, string data) => survey.Prompts == 0 ? ""
        : $"\n    // {Number(survey.Prompts)} texts answer a prompt. They are learnt without; to learn answers: \"prompts\": \"{data}\", and a larger length.";

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    static string JsonText(string text) => SafeText.Json(JsonSerializer.Serialize(text, Relaxed));

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
