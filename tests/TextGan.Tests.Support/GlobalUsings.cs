global using NUnit.Framework;
global using TextGan.Learning.Baselines;
global using TextGan.Learning.Credit;
global using TextGan.Learning.Objectives;
global using TextGan.Learning.Rewards;
global using TextGan.Learning.Rollouts;
global using TextGan.Learning.Updates;
global using TextGan.Operations;
global using TextGan.Problems;
global using TextGan.Runs.Events;
global using TextGan.Runs.Format;
global using TextGan.Runs.Recording;
// TorchSharp's random generator bears the same name.
global using Generator = TextGan.Generators.Generator;
