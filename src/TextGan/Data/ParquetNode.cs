using System.Text.Json;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace TextGan.Data;

/// <summary>
/// Puts the values of a column together to what a row has: a field of the schema. Definition levels say how much of the path to a value is
/// there, repetition levels which list it continues (Melnik et al. 2010, Dremel;
/// https://parquet.apache.org/docs/file-format/nestedencoding/).
/// </summary>
internal abstract class ParquetNode
{
    /// <summary>The columns of values below it.</summary>
    public abstract IEnumerable<ParquetLeaf> Leaves { get; }

    /// <summary>The definition level of the next entry.</summary>
    public virtual int Definition => Leaves.First().Definition;

    /// <summary>The repetition level of the next entry; 0, which begins a row, behind the last one.</summary>
    public virtual int Repetition => Leaves.First().Repetition;

    /// <summary>Writes what the next entry begins.</summary>
    public abstract void Write(Utf8JsonWriter writer);

    /// <summary>Goes past an entry that says only that something is missing.</summary>
    protected void Skip()
    {
        foreach (var leaf in Leaves) leaf.Advance();
    }
}

/// <summary>A column of strings.</summary>
internal sealed class ParquetLeaf(DataField field) : ParquetNode, IDisposable
{
    RawColumnData<ReadOnlyMemory<char>>? column;
    bool isOptional, isRepeated;
    int entry, value;

    public override IEnumerable<ParquetLeaf> Leaves => [this];

    public override int Definition => isOptional ? column!.DefinitionLevels[entry] : 0;

    public override int Repetition => isRepeated && entry < column!.RepetitionLevels.Length ? column.RepetitionLevels[entry] : 0;

    /// <summary>Takes the values of a row group.</summary>
    public void Read(ParquetRowGroupReader group)
    {
        Dispose();
        column = (RawColumnData<ReadOnlyMemory<char>>)group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
        (isOptional, isRepeated) = (field.MaxDefinitionLevel > 0, field.MaxRepetitionLevel > 0);
        (entry, value) = (0, 0);
    }

    public void Advance() => entry++;

    public override void Write(Utf8JsonWriter writer)
    {
        if (Definition == field.MaxDefinitionLevel) writer.WriteStringValue(column!.Values[value++].Span);
        else writer.WriteNullValue();
        Advance();
    }

    public void Dispose() => column?.Dispose();
}

/// <summary>A struct: an object, or null.</summary>
internal sealed class ParquetStruct(StructField field, (string Name, ParquetNode Node)[] children) : ParquetNode
{
    public override IEnumerable<ParquetLeaf> Leaves { get; } = [.. children.SelectMany(child => child.Node.Leaves)];

    public override void Write(Utf8JsonWriter writer)
    {
        if (Definition < field.MaxDefinitionLevel)
        {
            writer.WriteNullValue();
            Skip();
            return;
        }
        writer.WriteStartObject();
        foreach (var (name, node) in children)
        {
            writer.WritePropertyName(name);
            node.Write(writer);
        }
        writer.WriteEndObject();
    }
}

/// <summary>A list: an array, or null. The highest definition level of a list is that of an element.</summary>
internal sealed class ParquetList(ListField field, ParquetNode item) : ParquetNode
{
    public override IEnumerable<ParquetLeaf> Leaves { get; } = [.. item.Leaves];

    public override void Write(Utf8JsonWriter writer)
    {
        var definition = Definition;
        if (definition < field.MaxDefinitionLevel - 1)
        {
            writer.WriteNullValue();
            Skip();
            return;
        }
        writer.WriteStartArray();
        if (definition < field.MaxDefinitionLevel) Skip();
        else
        {
            do item.Write(writer);
            while (Repetition == field.MaxRepetitionLevel);
        }
        writer.WriteEndArray();
    }
}
