using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using TextGan.Safety;

namespace TextGan.Data;

/// <summary>
/// The rows of a Parquet file as lines of JSON with the columns that are wanted, one row group in memory at a time. A column holds strings,
/// or messages: lists of structs, as deep as they are nested. Whatever compression the file has.
/// </summary>
internal sealed class ParquetRows : LineSource
{
    /// <summary>The fields that are read of messages, of ShareGPT's, and of parts of a message: those of the first form found.</summary>
    static readonly string[][] messageForms = [["role", "content"], ["from", "value"], ["type", "text"]];

    static readonly JsonWriterOptions json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly string path;
    readonly int maximumLength;
    readonly FileStream stream;
    readonly ParquetReader reader;
    readonly (string Name, ParquetNode Root)[] columns;
    readonly ParquetLeaf[] leaves;
    readonly ArrayBufferWriter<byte> buffer = new();
    int group, number;
    long left; // rows of the open group

    public ParquetRows(string path, TableColumns wanted, int maximumLength)
    {
        (this.path, this.maximumLength) = (path, maximumLength);
        stream = InputFile.Open(path);
        ParquetReader? opened = null;
        try
        {
            // Binary columns without a type are strings of writers that do not say so.
            var options = new ParquetOptions { TreatByteArrayAsString = true };
            opened = Guarded(() => ParquetReader.CreateAsync(stream, options, leaveStreamOpen: true).GetAwaiter().GetResult());
            reader = opened;
            var fields = Guarded(() => reader.Schema.Fields);
            columns = [.. wanted.Of([.. fields.Select(field => field.Name)], CanBeText).Select(name => (name, Column(name)))];
            leaves = [.. columns.SelectMany(column => column.Root.Leaves)];

            ParquetNode Column(string name) => NodeOf(fields.First(field => field.Name == name), name, isMessage: false);

            bool CanBeText(string name)
            {
                try
                {
                    Column(name);
                    return true;
                }
                catch (FormatException)
                {
                    return false;
                }
            }
        }
        catch (Exception exception)
        {
            if (opened is not null) opened.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stream.Dispose();
            if (exception is FormatException fault) throw new InvalidInputException(path, fault.Message);
            throw;
        }
    }

    public override string Form => "Parquet";

    public override string Unit => "row";

    public override int Number => number;

    public override bool TryRead(out StrictLine line)
    {
        line = default;
        while (left == 0)
        {
            if (group == reader.RowGroupCount) return false;
            Guarded(() => OpenGroup(group++));
        }
        number++;
        left--;
        buffer.ResetWrittenCount();
        Guarded(WriteRow);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        line = text.Length > maximumLength ? new(number, null, $"The row is longer than {Amount.Of(maximumLength, "character")} of JSON.")
            : new(number, text, null);
        return true;
    }

    bool OpenGroup(int index)
    {
        using var rows = reader.OpenRowGroupReader(index);
        foreach (var leaf in leaves) leaf.Read(rows);
        left = rows.RowCount;
        return true;
    }

    bool WriteRow()
    {
        using var writer = new Utf8JsonWriter(buffer, json);
        writer.WriteStartObject();
        foreach (var (name, root) in columns)
        {
            writer.WritePropertyName(name);
            root.Write(writer);
        }
        writer.WriteEndObject();
        return true;
    }

    public override void Dispose()
    {
        foreach (var leaf in leaves) leaf.Dispose();
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Dispose();
    }

    /// <summary>A damaged file shows as almost any exception in the library.</summary>
    T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is not (FormatException or InvalidInputException))
        {
            var after = number > 0 ? $" (after row {number:N0})" : "";
            throw new InvalidInputException(path,
                $"The file is damaged Parquet, or in a form of it that is not supported{after}: {SafeText.Line(broken.Message, 200)}");
        }
    }

    static ParquetNode NodeOf(Field field, string path, bool isMessage) => field switch
    {
        DataField { IsArray: false } data when data.ClrType == typeof(ReadOnlyMemory<char>) => new ParquetLeaf(data),
        ListField list => new ParquetList(list, NodeOf(list.Item, path, isMessage: true)),
        StructField message when isMessage => new ParquetStruct(message, FieldsOf(message, path)),
        _ => throw new FormatException(
            $"The column \"{path}\" holds {Describe(field)}; a string or a list of messages (structs of strings) is expected."),
    };

    static (string, ParquetNode)[] FieldsOf(StructField message, string path)
    {
        var form = Array.Find(messageForms, names => message.Fields.Any(field => field.Name == names[0]));
        return form is not null ? [.. message.Fields.Where(field => form.Contains(field.Name))
            .Select(field => (field.Name, NodeOf(field, $"{path}.{field.Name}", isMessage: true)))] : throw new FormatException(
            $"The column \"{path}\" has lists of structs without \"role\" and \"content\" (or \"from\" and \"value\"); their fields " +
            $"are {string.Join(", ", message.Fields.Select(field => $"\"{SafeText.Line(field.Name, 60)}\""))}.");
    }

    static string Describe(Field field) => field switch
    {
        DataField { IsArray: true } => "a repeated value that is no list",
        DataField data => data.ClrType.Name,
        StructField => "a struct",
        MapField => "a map",
        _ => "a list",
    };
}
