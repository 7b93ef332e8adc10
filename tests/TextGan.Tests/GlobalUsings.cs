global using NUnit.Framework;
// TorchSharp's random generator bears the same name.
global using Generator = TextGan.Generators.Generator;
