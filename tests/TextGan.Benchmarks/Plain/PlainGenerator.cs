using TorchSharp.Modules;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TextGan.Benchmarks.Plain;

/// <summary>An LSTM generator written plainly: a log-softmax over the whole vocabulary, one token after another.</summary>
sealed class PlainGenerator : Module
{
    readonly Embedding embed;
    readonly LSTM lstm;
    readonly Linear head;

    public PlainGenerator(int vocabularySize, int embedding, int hidden) : base(nameof(PlainGenerator))
    {
        embed = Embedding(vocabularySize, embedding);
        lstm = LSTM(embedding, hidden, batchFirst: true);
        head = Linear(hidden, vocabularySize);
        RegisterComponents();
    }

    /// <summary>[B,T] inputs → log-probabilities [B,T,V].</summary>
    public Tensor LogProbabilities(Tensor inputs) => functional.log_softmax(head.call(lstm.call(embed.call(inputs)).Item1), -1);

    /// <summary>Log-probabilities [B,T,V] and the state after the last input, from a given state.</summary>
    public (Tensor Log, (Tensor Hidden, Tensor Cell) State) Read(Tensor inputs, (Tensor, Tensor)? state)
    {
        var (output, hidden, cell) = lstm.call(embed.call(inputs), state);
        return (functional.log_softmax(head.call(output), -1), (hidden, cell));
    }

    /// <summary>Completes prefixes [B,t] to [B,<paramref name="length"/>], one multinomial draw a token. The start token is 0.</summary>
    public Tensor Complete(Tensor prefix, int length)
    {
        List<Tensor> ids = [prefix];
        var (log, state) = Read(cat([zeros(prefix.shape[0], 1, int64, prefix.device), prefix], 1), null);
        for (var t = prefix.shape[1]; t < length; t++)
        {
            var token = multinomial(log.select(1, -1).exp(), 1); // [B,1]
            ids.Add(token);
            (log, state) = Read(token, state);
        }
        return cat(ids, 1);
    }

    /// <summary>Relaxed tokens [B,T,V]: softmax(β(logits + Gumbel noise)), each fed back.</summary>
    public Tensor Relaxed(int batch, int length, double inverseTemperature)
    {
        var vocabulary = embed.weight!.shape[0];
        var token = functional.one_hot(zeros(batch, 1, int64, embed.weight!.device), vocabulary).to_type(float32); // [B,1,V]
        (Tensor, Tensor)? state = null;
        List<Tensor> relaxed = [];
        for (var t = 0; t < length; t++)
        {
            var (output, hidden, cell) = lstm.call(matmul(token, embed.weight!), state);
            state = (hidden, cell);
            var uniform = rand(batch, 1, vocabulary, device: embed.weight!.device).clamp_min(Held(1e-20));
            token = functional.softmax(Held(inverseTemperature) * (head.call(output) - log(-log(uniform))), -1);
            relaxed.Add(token);
        }
        return cat(relaxed, 1);
    }
}
