namespace FlowMeter.Engine.Output;

/// <summary>Messages, and what is in them.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Rows">Rows in all of them.</param>
/// <param name="Bytes">Bytes of headers and bodies.</param>
public readonly record struct MessageTotals(long Messages, long Rows, long Bytes)
{
    /// <summary>The sum of two.</summary>
    public static MessageTotals operator +(MessageTotals left, MessageTotals right) => Add(left, right);

    /// <summary>The difference of two.</summary>
    public static MessageTotals operator -(MessageTotals left, MessageTotals right) => Subtract(left, right);

    /// <inheritdoc cref="op_Addition"/>
    public static MessageTotals Add(MessageTotals left, MessageTotals right) =>
        new(left.Messages + right.Messages, left.Rows + right.Rows, left.Bytes + right.Bytes);

    /// <inheritdoc cref="op_Subtraction"/>
    public static MessageTotals Subtract(MessageTotals left, MessageTotals right) =>
        new(left.Messages - right.Messages, left.Rows - right.Rows, left.Bytes - right.Bytes);
}
