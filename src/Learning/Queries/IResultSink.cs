using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>Takes the rows that a query gives, in order.</summary>
public interface IResultSink
{
    /// <summary>Takes the columns, once and before the rows.</summary>
    /// <exception cref="OutputException">They can not be written.</exception>
    void Begin(IReadOnlyList<QueryColumn> columns);

    /// <summary>Takes a row; it is used again afterwards.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    void Add(FieldRow row);

    /// <summary>Writes what is held back.</summary>
    /// <exception cref="OutputException">It can not be written.</exception>
    void Flush();
}
