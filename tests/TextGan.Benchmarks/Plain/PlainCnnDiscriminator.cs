using TorchSharp.Modules;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Plain;

/// <summary>SeqGAN's discriminator written plainly: one Conv2d a width, ReLU before the maximum, two classes (1: real).</summary>
sealed class PlainCnnDiscriminator : Module
{
    readonly Embedding embed;
    readonly ModuleList<Conv2d> convs;
    readonly Linear highway, head;
    readonly Dropout drop = Dropout(0.25);

    public PlainCnnDiscriminator(int vocabularySize, int embedding, IReadOnlyList<int> widths, IReadOnlyList<int> filters)
        : base(nameof(PlainCnnDiscriminator))
    {
        embed = Embedding(vocabularySize, embedding);
        convs = new ModuleList<Conv2d>([.. widths.Zip(filters, (width, count) => Conv2d(1, count, (width, embedding)))]);
        highway = Linear(filters.Sum(), filters.Sum());
        head = Linear(filters.Sum(), 2);
        RegisterComponents();
    }

    /// <summary>[B,T] ids → logits [B,2].</summary>
    public Tensor OfIds(Tensor ids) => OfEmbedded(embed.call(ids));

    /// <summary>[B,T,V] relaxed tokens → logits [B,2].</summary>
    public Tensor OfRelaxed(Tensor relaxed) => OfEmbedded(matmul(relaxed, embed.weight!));

    Tensor OfEmbedded(Tensor embedded)
    {
        var image = embedded.unsqueeze(1); // [B,1,T,E]
        var features = cat([.. convs.Select(conv => functional.relu(conv.call(image)).squeeze(3).max(2).values)], 1); // [B,F]
        var gate = sigmoid(highway.call(features));
        return head.call(drop.call((gate * functional.relu(highway.call(features))).Plus(Held(1).Minus(gate) * features)));
    }
}
