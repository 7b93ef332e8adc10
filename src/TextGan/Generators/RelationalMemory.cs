using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>
/// The core of a relational memory (Santoro et al., 1806.01822, section 3): S slots of width M attend to themselves and to what is read,
/// pass a small network, and take over as much of the result as their gates say. With W for weights without bias and the slots m:
/// x = W_x·token + b; queries, keys and values of [m; x] are LN(W_a·[m; x]), split over the heads into 3·D each; a slot's attention is
/// A = softmax(q·kᵀ/√(3D))·v; a = LN(m + A), n = LN(a + MLP(a)); i = σ(W_m·tanh m + W_g·x), f = σ(W_m'·tanh m + W_g'·x + 1);
/// m ← i ⊙ tanh n + f ⊙ m. Layer norms are of each slot by itself, as in the paper's code; RelGAN's reaches over all slots at once. It
/// stays in float32: in bfloat16, gradients through 20 positions were off by up to 7%.
/// </summary>
sealed class RelationalMemory : nn.Module
{
    readonly Linear input, attention, gate_input, gate_memory;
    readonly LayerNorm attention_norm, attended_norm, memory_norm;
    readonly ModuleList<Linear> mlp;
    readonly long slots, heads, headSize;

    /// <param name="embedding">E.</param>
    /// <param name="slots">S.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headSize">D; M is heads times that.</param>
    /// <param name="mlpLayers">Layers of the network after the attention.</param>
    public RelationalMemory(long embedding, long slots, long heads, long headSize, int mlpLayers) : base("memory")
    {
        (this.slots, this.heads, this.headSize) = (slots, heads, headSize);
        input = nn.Linear(embedding, Width);
        attention = nn.Linear(Width, 3 * Width, hasBias: false);
        attention_norm = nn.LayerNorm(3 * Width);
        attended_norm = nn.LayerNorm(Width);
        mlp = new ModuleList<Linear>([.. Enumerable.Range(0, mlpLayers).Select(_ => nn.Linear(Width, Width))]);
        memory_norm = nn.LayerNorm(Width);
        gate_input = nn.Linear(Width, 2 * Width, hasBias: false);
        gate_memory = nn.Linear(Width, 2 * Width, hasBias: false);
        RegisterComponents();
    }

    /// <summary>M.</summary>
    public long Width => heads * headSize;

    /// <summary>[B,S,M]: each slot begins as another row of the identity matrix, so that they differ.</summary>
    public Tensor Start(long batch)
    {
        using var scope = NewDisposeScope();
        return eye(slots, Width, device: input.weight!.device).expand(batch, slots, Width).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Embedded tokens [B,P,E] and the memory before them [B,S,M] → the slots after each, [B,P,S·M], and after all.</summary>
    public (Tensor Outputs, Tensor Memory) Read(Tensor embedded, Tensor memory)
    {
        using var scope = NewDisposeScope();
        // What does not depend on the memory, at all positions at once. Time comes first, so that each position is one piece.
        var read = input.call(embedded.transpose(0, 1).contiguous()); // [P,B,M]
        var parts = attention_norm.call(attention.call(read)).unsqueeze(2).unbind(0); // P x [B,1,3M]
        var gates = gate_input.call(read).unsqueeze(2).unbind(0); // P x [B,1,2M]
        var (now, outputs) = (memory, new List<Tensor>());
        for (var t = 0; t < parts.Length; t++)
        {
            now = Next(now, parts[t], gates[t]);
            outputs.Add(now.flatten(1)); // [B,S·M]
        }
        return (stack(outputs, 1).MoveToOuterDisposeScope(), now.MoveToOuterDisposeScope());
    }

    /// <summary>Slots m [B,S,M], and of what is read its heads [B,1,3M] and its share of the gates [B,1,2M] → the next slots.</summary>
    Tensor Next(Tensor memory, Tensor read, Tensor readGates)
    {
        using var scope = NewDisposeScope();
        var attended = attended_norm.call(memory.Plus(Attend(memory, read))); // a [B,S,M]
        var candidate = memory_norm.call(attended.Plus(Mlp(attended))); // n
        var gates = gate_memory.call(memory.tanh()).Plus(readGates).chunk(2, -1); // 2 x [B,S,M]
        return (gates[0].sigmoid() * candidate.tanh()).Plus(gates[1].Plus(1).sigmoid() * memory).MoveToOuterDisposeScope();
    }

    /// <summary>What the slots take from one another and from what is read: [B,S,M]. Nobody needs what the token would take.</summary>
    Tensor Attend(Tensor memory, Tensor read)
    {
        var all = cat([attention_norm.call(attention.call(memory)), read], 1); // [B,S+1,3M]
        var parts = all.view(-1, slots + 1, heads, 3 * headSize).transpose(1, 2).chunk(3, -1); // 3 x [B,heads,S+1,D]
        var query = parts[0].narrow(2, 0, slots) * Held(1 / Math.Sqrt(3 * headSize)); // the width of all three, as in the paper's code
        var weights = query.matmul(parts[1].transpose(2, 3)).softmax(-1); // [B,heads,S,S+1]
        return weights.matmul(parts[2]).transpose(1, 2).reshape(memory.shape);
    }

    Tensor Mlp(Tensor values)
    {
        for (var layer = 0; layer < mlp.Count; layer++) values = mlp[layer].call(layer == 0 ? values : values.relu());
        return values;
    }
}
