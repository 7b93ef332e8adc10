global using System.CommandLine;
global using TextGan.Cli.Display;
global using TextGan.Experiments.Reading;
global using TextGan.Problems;
global using TextGan.Runs.Format;
global using TextGan.Runs;
global using TextGan.Safety;
