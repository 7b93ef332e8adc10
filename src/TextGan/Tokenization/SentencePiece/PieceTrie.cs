using System.Text;

namespace TextGan.Tokenization.SentencePiece;

/// <summary>Finds pieces by the bytes of a text. Nodes lie level by level, so that the children of a node are neighbours.</summary>
internal sealed class PieceTrie
{
    /// <summary>No piece ends here, or there is no such node.</summary>
    public const int None = -1;

    public const int Root = 0;

    /// <summary>By node: the piece that ends there.</summary>
    readonly int[] ids;
    /// <summary>The byte that leads to each node but the root: node n+1 has place n.</summary>
    readonly byte[] letters;
    /// <summary>By node: where its children begin in <see cref="letters"/>; they end where the next node's begin.</summary>
    readonly int[] children;

    /// <param name="pieces">Texts, each once, and their ids.</param>
    public PieceTrie(IEnumerable<(string Text, int Id)> pieces)
    {
        var sorted = pieces.Select(piece => (Text: Encoding.UTF8.GetBytes(piece.Text), piece.Id)).ToArray();
        Array.Sort(sorted, (a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text));
        var (nodeIds, nodeLetters, nodeChildren) = (new List<int>(), new List<byte>(), new List<int>());
        // What begins with the letters on the way to a node is a range of the sorted pieces.
        var nodes = new Queue<(int From, int To, int Depth)>([(0, sorted.Length, 0)]);
        while (nodes.TryDequeue(out var node))
        {
            var (from, to, depth) = node;
            nodeIds.Add(from < to && sorted[from].Text.Length == depth ? sorted[from++].Id : None);
            nodeChildren.Add(nodeLetters.Count);
            while (from < to)
            {
                var (start, letter) = (from, sorted[from].Text[depth]);
                while (from < to && sorted[from].Text[depth] == letter) from++;
                nodeLetters.Add(letter);
                nodes.Enqueue((start, from, depth + 1));
            }
        }
        (ids, letters, children) = ([.. nodeIds], [.. nodeLetters], [.. nodeChildren, nodeLetters.Count]);
    }

    /// <summary>The node that a byte leads to.</summary>
    public int Next(int node, byte letter)
    {
        var first = children[node];
        var place = letters.AsSpan(first, children[node + 1] - first).IndexOf(letter);
        return place < 0 ? None : first + place + 1;
    }

    /// <summary>The id of the piece that ends at a node.</summary>
    public int IdAt(int node) => ids[node];

    /// <summary>The id of a piece.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var node = Root;
        foreach (var letter in text)
        {
            node = Next(node, letter);
            if (node == None) return None;
        }
        return ids[node];
    }

    /// <summary>The bytes of the longest piece that a text begins with, or 0.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text)
    {
        var longest = 0;
        var node = Root;
        for (var at = 0; at < text.Length; at++)
        {
            node = Next(node, text[at]);
            if (node == None) break;
            if (ids[node] != None) longest = at + 1;
        }
        return longest;
    }
}
