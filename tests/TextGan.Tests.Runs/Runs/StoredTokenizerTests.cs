using System.Text.Json.Nodes;
using TextGan.Runs;
using TextGan.Tests.Experiments;
using TextGan.Tokenization;

namespace TextGan.Tests.Runs;

public sealed class StoredTokenizerTests
{
    /// <summary>Relative paths in options start at the experiment's folder, those of run folders at the process's.</summary>
    [Test]
    public void The_copy_in_a_run_folder_with_a_relative_path_is_found()
    {
        using var folder = new ExperimentFolder();
        folder.Write("pieces.model", "x");
        var experiment = folder.One(ExperimentFolder.Changed(experiment => experiment["tokenizer"] =
            JsonNode.Parse("""{ "kind": "sentencepiece", "model": "pieces.model" }""")).ToJsonString());
        var copy = folder.Write("runs/valid/1/tokenizer/model/pieces.model", "x");
        var run = new RunFolder(Path.GetRelativePath(Environment.CurrentDirectory, folder["runs/valid/1"]));
        var found = (SentencePieceTokenizerOptions)StoredTokenizer.Options(run, experiment, _ => { });
        Assert.That(found.Model, Is.EqualTo(Path.GetFullPath(copy)));
    }
}
