using TextGan.Experiments.Reading;

namespace TextGan.Tests.Runs;

/// <summary>A component of a plug-in that breaks its contract ends the run with a sentence that names the plug-in and the member.</summary>
public class PluginFaultTests
{
    const string Plugin = "the plug-in 'TextGan.Tests.Plugin'";
    const string Faulty = "the plug-in 'TextGan.Tests.Plugin' (kind 'faulty'): ";
    const string Threw = "the plug-in 'TextGan.Tests.Plugin' threw InvalidOperationException in TextGan.Tests.Plugin.";

    static string PluginFile => Path.Combine(Repository.Root, "tests", "TextGan.Tests.Plugin", "bin", "TextGan.Tests.Plugin.dll");

    static LoadedExperiment Read(SmallRun place, params string[] changes)
    {
        place.Read(); // writes the file
        return ExperimentFile.Read(Path.Combine(place.Folder, "small.json"), new ReadingSettings
        {
            Plugins = PluginPolicy.Folders([Path.GetDirectoryName(PluginFile)!]),
                Edits = [$"plugins=[\"{PluginFile.Replace('\\', '/')}\"]", "data.text.sentences=40", "pretraining.epochs=1",
                "training.iterations=1", "evaluation.samples=2", .. changes],
        }).Single();
    }

    /// <summary>What the run, or the loading before it, fails with.</summary>
    static string Failure(params string[] changes)
    {
        using var place = new SmallRun();
        try
        {
            var result = place.Run([Read(place, changes)], new SilentObserver(), default).Single();
            Assert.That(result.Outcome, Is.EqualTo("failed"));
            return result.Message!;
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException)
        {
            return failure.Message;
        }
    }

    const string Judge = """discriminators.real={"name":"real","kind":"faulty","data":"text","fault":"FAULT","pretrainingSteps":1}""";

    [TestCase("throw-in-build",
        "the plug-in 'TextGan.Tests.Plugin' threw NotSupportedException in TextGan.Tests.Plugin.FaultyDiscriminatorOptions.Build: cannot " +
        "be built.")]
    [TestCase("throw", Threw + "FaultyTensor.Of: no such table.")]
    [TestCase("null", Faulty + "Faulty.forward gave null for logits.")]
    [TestCase("shape", Faulty + "Faulty.forward gave logits of the shape [1,32,1]; [32,n] is needed, n being 1 or more.")]
    [TestCase("device", Faulty + "Faulty.forward gave logits on the device meta; cpu is needed.")]
    [TestCase("type", Faulty + "Faulty.forward gave logits of the type Int32; floating-point numbers are needed.")]
    [TestCase("detached",
        Faulty + "Faulty.forward gave logits without a gradient, so its parameters could never learn; compute them from the parameters, " +
            "outside of no_grad().")]
    public void A_discriminator_is_reported(string fault, string message) =>
        Assert.That(Failure("training.batch=16", Judge.Replace("FAULT", fault)), Is.EqualTo(message));

    [Test]
    public void Logits_that_are_no_number_are_reported_by_the_value_that_shows_it() =>
        Assert.That(Failure(Judge.Replace("FAULT", "not-a-number")),
            Does.Match(@"^'discriminator/real/\w+' is NaN at .+; it was computed by the plug-in 'TextGan\.Tests\.Plugin' " +
                @"\(kind 'faulty'\), member forward; "));

    [Test]
    public void A_discriminator_that_keeps_its_contract_runs()
    {
        using var place = new SmallRun();
        var result = place.Run([Read(place, Judge.Replace("FAULT", "none"))], new SilentObserver(), default).Single();
        Assert.That((result.Outcome, result.Message), Is.EqualTo(("finished", (string?)null)));
    }

    [TestCase("discriminators.real.loss", "throw", Threw + "FaultyTensor.Of: no such table.")]
    [TestCase("discriminators.real.loss", "throw-in-build", Faulty + "FaultyLossOptions.Build gave null for what it returns.")]
    [TestCase("discriminators.real.loss", "shape", Faulty + "Faulty.GeneratorLoss gave a loss of the shape [1,8]; [8] is needed.")]
    [TestCase("generator", "throw", Threw + "FaultyTensor.Of: no such table.")]
    [TestCase("generator", "shape", Faulty + "Faulty.Hidden gave hidden states of the shape [1,16,26,8]; [16,26,8] is needed.")]
    [TestCase("generator", "device", Faulty + "Faulty.Hidden gave hidden states on the device meta; cpu is needed.")]
    [TestCase("generator", "invalid", Faulty + "Faulty.VocabularySize is ")]
    [TestCase("estimator", "throw", Threw + "FaultyTensor.Of: no such table.")]
    [TestCase("estimator", "shape", Faulty + "Faulty.Estimate gave the surrogate of the term 'real' of the shape [1]; [] is needed.")]
    [TestCase("estimator", "invalid",
        Faulty + "Faulty.Estimate gave the terms []; one for each discriminator is needed, in their order: [real, helpful].")]
    [TestCase("estimator.credit", "shape", Faulty + "Faulty.Assign gave returns of the shape [1,8,26]; [8,26] is needed.")]
    [TestCase("estimator.credit", "invalid", Faulty + "Faulty.Assign gave 0 credits for 2 discriminators.")]
    [TestCase("estimator.baseline", "invalid", Faulty
        + "Faulty.Values gave values of the shape [10]; a shape that broadcasts to [8,26] is needed.")]
    [TestCase("estimator.baseline", "device", Faulty + "Faulty.Values gave values on the device meta; cpu is needed.")]
    [TestCase("combiner", "throw", Threw + "FaultyCombinerOptions+Faulty.Combine: no such table.")]
    [TestCase("combiner", "null", Faulty + "Faulty.Combine gave null for what it returns.")]
    [TestCase("combiner", "shape", Faulty + "Faulty.Combine gave 3 weights for 2 terms.")]
    [TestCase("combiner", "not-a-number", Faulty + "Faulty.Combine gave the term 'real' the weight NaN; a finite number is needed.")]
    [TestCase("tokenizer", "throw", Threw + "FaultyTokenizerOptions+Faulty.Encode: no such table.")]
    [TestCase("tokenizer", "shape", "$.tokenizer: the plug-in 'TextGan.Tests.Plugin' (kind 'faulty') gives the id ")]
    [TestCase("tokenizer", "invalid", Faulty + "Faulty.StartId is -1; ids are from 0 to ")]
    [TestCase("data.helpfulness", "throw", Threw + "FaultyDataOptions.Load: no such table.")]
    [TestCase("data.text", "null", Faulty + "FaultyDataOptions.Load gave null for what it returns.")]
    [TestCase("data.text", "shape", Faulty + "FaultyDataOptions.Load gave 1 rejected texts for 2 texts of Train; each belongs to a text.")]
    [TestCase("data.text", "invalid", Faulty + "FaultyDataOptions.Load gave no rejected texts, which HasRejected promises.")]
    [TestCase("evaluation.metrics[0]", "throw", Threw + "FaultyMetricOptions+Faulty.Evaluate: no such table.")]
    [TestCase("evaluation.metrics[0]", "null", Faulty + "Faulty.Evaluate gave null for what it returns.")]
    [TestCase("evaluation.metrics[0]", "invalid", Faulty + "Faulty.Evaluate gave a value without a name.")]
    [TestCase("pretraining.optimizer", "throw", Threw + "FaultyOptimizerOptions.Build: no such table.")]
    [TestCase("training.optimizer", "null", Faulty + "FaultyOptimizerOptions.Build gave null for what it returns.")]
    [TestCase("discriminators.real.optimizer", "shape",
        Faulty + "FaultyOptimizerOptions.Build gave an optimiser that does not know 1 of the ")]
    public void Every_family_is_reported(string place, string fault, string message)
    {
        string[] before = place.StartsWith("data.text", StringComparison.Ordinal) ? ["evaluation.metrics=[]", "discriminators=[]"]
            : place == "discriminators.real.loss" ? ["""estimator={"kind":"gumbel-softmax"}"""]
            : place == "data.helpfulness" ? ["discriminators.helpful.opponents={}"] : [];
        Assert.That(Failure([.. before, $"{place}={{\"kind\":\"faulty\",\"fault\":\"{fault}\"}}"]), Does.StartWith(message));
    }

    [TestCase("throw", Threw + "FaultyScheduleOptions.ValueAt: no such table.")]
    [TestCase("not-a-number", Faulty + "FaultyScheduleOptions.ValueAt gave NaN at step 0; a finite number is needed.")]
    public void A_schedule_is_reported(string fault, string message) => Assert.That(
        Failure($$$"""estimator={"kind":"gumbel-softmax","temperature":{"kind":"faulty","fault":"{{{fault}}}"}}"""),
        Does.EndWith(message)); // whether it is asked while it is read, or while it runs

    [Test]
    public void What_a_plug_in_throws_while_it_is_read_is_bad_input()
    {
        using var place = new SmallRun();
        Assert.That(() => Read(place, Judge.Replace("FAULT", "invalid")), Throws.TypeOf<InvalidInputException>().With.Message
            .Contains(Plugin + " threw InvalidOperationException in TextGan.Tests.Plugin.FaultyDiscriminatorOptions.Validate: cannot " +
                "judge myself."));
    }
}
