#:project ../src/TextGan.Reporting
#:property PublishAot=false
using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Optimizers;
using TextGan.Reporting.Report;
using TextGan.Runs;
using TextGan.Runs.Events;
using TextGan.Tokenization;
using TextGan.Training;

AllocatorTuning.Apply(); // before the first tensor; without these two, steps take longer
ThreadTuning.Apply();
var experiment = new ExperimentOptions
{
    Name = "from-csharp", Length = 26, Tokenizer = new WordTokenizerOptions(),
    Data = new Dictionary<string, DataOptions>
    {
        ["all"] = new GrammarDataOptions(), ["helpful"] = new GrammarDataOptions { Set = GrammarSet.Helpfulness },
    },
    Generator = new LstmGeneratorOptions { Embedding = 32, Hidden = 64 },
    Pretraining = new PretrainingOptions { Data = "all", Epochs = 8, Optimizer = new AdamOptions { LearningRate = 0.004 } },
    Discriminators =
    [
        new CnnDiscriminatorOptions { Name = "real", Data = "all", PretrainingSteps = 50 },
        new CnnDiscriminatorOptions { Name = "helpful", Data = "helpful", PretrainingSteps = 100, Opponents = new() { Rejected = 3 } },
    ],
    Training = new TrainingOptions { Iterations = 50 },
    Evaluation = new EvaluationOptions { Metrics = [new AttributesMetricOptions { Data = "all" }] },
};
var results = new ExperimentRunner(new RunnerOptions(), new RunSinks()).Run(ExperimentFile.Of([experiment]), CancellationToken.None);
foreach (var (name, value) in results[0].FinalMetrics) Console.WriteLine($"{name} {value:0.00}");
RunReport.Write([.. results.Select(result => result.Folder)], "report.html");
