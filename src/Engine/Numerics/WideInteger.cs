namespace FlowMeter.Engine.Numerics;

/// <summary>
/// An unsigned integer of 384 bits on the stack, for sums of cubes times counts: enough to be exact, with the few operations that takes.
/// </summary>
internal unsafe struct WideInteger
{
    private const int Words = 6;
    private const double Word = 18446744073709551616.0;

    private fixed ulong _words[Words];

    /// <summary>A number of one word.</summary>
    public WideInteger(ulong value) => _words[0] = value;

    /// <summary>A number of two words.</summary>
    public WideInteger(UInt128 value)
    {
        _words[0] = (ulong)value;
        _words[1] = (ulong)(value >> 64);
    }

    /// <summary>Adds another one; what does not fit is lost.</summary>
    public void Add(in WideInteger other)
    {
        ulong carry = 0;
        for (int i = 0; i < Words; i++)
        {
            ulong sum = _words[i] + other._words[i];
            ulong whole = sum + carry;
            carry = (sum < other._words[i] ? 1UL : 0) | (whole < carry ? 1UL : 0);
            _words[i] = whole;
        }
    }

    /// <summary>Adds a number of three words.</summary>
    public void Add(ulong low, ulong middle, ulong high)
    {
        ulong sum = _words[0] + low;
        ulong carry = sum < low ? 1UL : 0;
        _words[0] = sum;
        sum = _words[1] + middle;
        ulong next = sum < middle ? 1UL : 0;
        _words[1] = sum + carry;
        carry = next | (_words[1] < carry ? 1UL : 0);
        sum = _words[2] + high;
        next = sum < high ? 1UL : 0;
        _words[2] = sum + carry;
        _words[3] += next | (_words[2] < carry ? 1UL : 0);
    }

    /// <summary>Multiplies by a word; what does not fit is lost.</summary>
    public void Multiply(ulong factor)
    {
        ulong carry = 0;
        for (int i = 0; i < Words; i++)
        {
            ulong high = Math.BigMul(_words[i], factor, out ulong low);
            ulong whole = low + carry;
            carry = high + (whole < carry ? 1UL : 0);
            _words[i] = whole;
        }
    }

    /// <summary>left − right, rounded to a double.</summary>
    public static double Difference(in WideInteger left, in WideInteger right)
    {
        for (int i = Words - 1; i >= 0; i--)
        {
            if (left._words[i] != right._words[i])
            {
                return left._words[i] > right._words[i] ? Distance(left, right) : -Distance(right, left);
            }
        }

        return 0;
    }

    private static double Distance(in WideInteger greater, in WideInteger less)
    {
        WideInteger difference = default;
        ulong borrow = 0;
        for (int i = 0; i < Words; i++)
        {
            ulong word = greater._words[i] - less._words[i];
            ulong whole = word - borrow;
            borrow = (greater._words[i] < less._words[i] ? 1UL : 0) | (word < borrow ? 1UL : 0);
            difference._words[i] = whole;
        }

        // From the highest word on: what is added later is below half a unit of the last place but for the rounding of three words, far
        // within 1e-15.
        double value = 0;
        for (int i = Words - 1; i >= 0; i--)
        {
            value = (value * Word) + difference._words[i];
        }

        return value;
    }
}
