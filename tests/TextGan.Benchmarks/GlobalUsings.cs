global using TextGan.Operations;
// `torch.Generator`, TorchSharp's random number generator, would otherwise be as near as the model that writes.
global using Generator = TextGan.Generators.Generator;
