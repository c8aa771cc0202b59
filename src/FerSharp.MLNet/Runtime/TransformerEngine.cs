using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerSharp.MLNet;

/// <summary>
/// Runs an ML.NET transformer. What PredictionEngine is for classes with fixed members, for columns whose names and sizes come from a manifest.
/// </summary>
internal sealed class TransformerEngine : RowEngine
{
    private readonly InputRow _row;
    private readonly DataViewRow _result;
    private readonly ValueGetter<VBuffer<float>>[] _getters;
    private readonly VBuffer<float>[] _values;
    private readonly float[][] _outputs;
    private readonly ReadOnlyMemory<float>[] _views;

    /// <summary>Prepares the engine; its outputs' sizes are those of the first run.</summary>
    /// <param name="transformer">Borrowed; shared by engines.</param>
    /// <param name="schema">One column: the input.</param>
    /// <param name="outputNames">The output columns that are read.</param>
    public TransformerEngine(ITransformer transformer, DataViewSchema schema, IReadOnlyList<string> outputNames)
    {
        _row = new InputRow(schema);
        DataViewSchema.Column[] columns = [.. outputNames.Select(name => transformer.GetOutputSchema(schema)[name])];
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(schema);
        _result = mapper.GetRow(_row, columns);
        _getters = [.. columns.Select(column => _result.GetGetter<VBuffer<float>>(_result.Schema[column.Name]))];
        _values = new VBuffer<float>[_getters.Length];
        _outputs = new float[_getters.Length][];
        _views = new ReadOnlyMemory<float>[_getters.Length];
    }

    public override Span<float> Input => _row.Values;

    public override ReadOnlySpan<ReadOnlyMemory<float>> Outputs => _views;

    public override void Run()
    {
        _row.Next();
        for (int i = 0; i < _getters.Length; i++)
        {
            _getters[i](ref _values[i]);
            if (_outputs[i]?.Length != _values[i].Length)
            {
                _outputs[i] = new float[_values[i].Length];
                _views[i] = _outputs[i];
            }

            _values[i].CopyTo(_outputs[i]);
        }
    }

    public override void Dispose() => _result.Dispose();

    /// <summary>The row that transformers pull from. A new position tells them that the values are new.</summary>
    private sealed class InputRow : DataViewRow
    {
        private long _position = -1;

        public InputRow(DataViewSchema schema)
        {
            Schema = schema;
            Values = new float[((VectorDataViewType)schema[0].Type).Size];
        }

        public float[] Values { get; }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema { get; }

        public void Next() => _position++;

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index == 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ValueGetter<TValue>)(Delegate)(ValueGetter<VBuffer<float>>)Read;

        // A copy, because a transformer may work in the buffer that it is given.
        private void Read(ref VBuffer<float> destination)
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref destination, Values.Length);
            Values.CopyTo(editor.Values);
            destination = editor.Commit();
        }
    }
}
