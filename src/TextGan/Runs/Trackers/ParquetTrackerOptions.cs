using Parquet;
using Parquet.Schema;

namespace TextGan.Runs.Trackers;

/// <summary>
/// metrics.parquet and samples.parquet in the run's folder, with the rows and columns that the kind "csv" writes, written anew at each
/// evaluation and at the end.
/// </summary>
public sealed record ParquetTrackerOptions : TrackerOptions
{
    public override Tracker Build(TrackerContext context) => new TableTracker(context.Folder, "parquet", Write);

    static void Write(Stream stream, Table table) => WriteAsync(stream, table).GetAwaiter().GetResult();

    static async Task WriteAsync(Stream stream, Table table)
    {
        var fields = table.Columns.Select(FieldOf).ToArray();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream,
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++) await WriteAsync(group, fields[i], table.Columns[i]).ConfigureAwait(false);
    }

    static DataField FieldOf(TableColumn column) => column switch
    {
        TableColumn<string?> => new DataField(column.Name, typeof(string), column.MayMiss),
        TableColumn<long> => new DataField(column.Name, typeof(long), column.MayMiss),
        TableColumn<int> or TableColumn<int?> => new DataField(column.Name, typeof(int), column.MayMiss),
        TableColumn<double> or TableColumn<double?> => new DataField(column.Name, typeof(double), column.MayMiss),
        TableColumn<bool> => new DataField(column.Name, typeof(bool), column.MayMiss),
        _ => throw new InvalidOperationException($"No type for the column {column.Name}."),
    };

    static Task WriteAsync(ParquetRowGroupWriter group, DataField field, TableColumn column) => column switch
    {
        TableColumn<string?> texts => group.WriteAsync(field, [.. texts.Values!]),
        TableColumn<long> numbers => group.WriteAsync<long>(field, numbers.Values.ToArray()),
        TableColumn<int> numbers => group.WriteAsync<int>(field, numbers.Values.ToArray()),
        TableColumn<int?> numbers => group.WriteAsync<int>(field, (ReadOnlyMemory<int?>)numbers.Values.ToArray()),
        TableColumn<double> numbers => group.WriteAsync<double>(field, numbers.Values.ToArray()),
        TableColumn<double?> numbers => group.WriteAsync<double>(field, (ReadOnlyMemory<double?>)numbers.Values.ToArray()),
        TableColumn<bool> truths => group.WriteAsync<bool>(field, truths.Values.ToArray()),
        _ => throw new InvalidOperationException($"No type for the column {column.Name}."),
    };
}
