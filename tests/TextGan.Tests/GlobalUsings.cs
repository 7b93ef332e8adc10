global using NUnit.Framework;
global using TextGan.Operations;
// TorchSharp's random generator bears the same name.
global using Generator = TextGan.Generators.Generator;
