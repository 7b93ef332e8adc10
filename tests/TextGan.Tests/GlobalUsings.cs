global using NUnit.Framework;
global using TextGan.Operations;
global using TextGan.Runs.Events;
global using TextGan.Runs.Format;
global using TextGan.Runs.Recording;
// TorchSharp's random generator bears the same name.
global using Generator = TextGan.Generators.Generator;
