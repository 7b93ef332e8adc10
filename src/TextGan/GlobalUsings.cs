// What most files use, so that a file names only what is particular to it. Which layer may use which is checked in the compiled
// assembly: tests/TextGan.Tests/Architecture/LayerTests.cs.
global using System.ComponentModel.DataAnnotations;
global using System.Text.Json.Serialization;
// `torch.Generator`, TorchSharp's random number generator, would otherwise be as near as the model that writes.
global using Generator = TextGan.Generators.Generator;
global using TextGan.Operations;
global using TextGan.Plugins;
global using TextGan.Problems;
global using TextGan.Storage;
global using TextGan.Tokenization;
global using static TextGan.Native.HeldScalars;
global using static TorchSharp.torch;
