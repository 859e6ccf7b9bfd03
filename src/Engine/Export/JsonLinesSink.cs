using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows as JSON Lines: one object a flow (<see cref="JsonRow"/>).</summary>
internal sealed unsafe class JsonLinesSink : IFlowSink
{
    private const int FlushFrom = 256 << 10;

    private readonly RowOutput _output;
    private readonly JsonRow _row;
    private readonly NativeColumn<byte> _buffer;
    private int _length;

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the rows go.</param>
    /// <param name="schema">What a row is made of.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    /// <param name="hasElasticNames">Whether the names are those of the Elastic Common Schema.</param>
    public JsonLinesSink(RowOutput output, TableSchema schema, FeatureBlock features, bool hasElasticNames)
    {
        _output = output;
        _row = new JsonRow(schema, features, hasElasticNames);
        _buffer = new NativeColumn<byte>(FlushFrom + _row.MaxLength + 1);
    }

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        for (int i = 0; i < records.Count; i++)
        {
            byte* at = _row.Write(_buffer.First + _length, records, scores, i);
            *at++ = (byte)'\n';
            _length = (int)(at - _buffer.First);
            if (_length >= FlushFrom)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        int length = _length;
        _length = 0;
        _output.Write(new ReadOnlySpan<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _row.Dispose();
        _buffer.Dispose();
    }
}
