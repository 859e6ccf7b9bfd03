namespace FlowMeter.Learning.Queries;

/// <summary>
/// Reads an expression by recursive descent: conditions joined by or, and, not and parentheses, in this order from loose to tight. Nesting
/// is bounded, so no expression exhausts the stack.
/// </summary>
public sealed class QueryParser
{
    private const int MaxLength = 64 << 10;
    private const int MaxDepth = 100;

    private static readonly string[] s_keywords = ["and", "or", "not", "in"];

    private readonly QueryLexer _lexer;
    private readonly QueryColumns? _columns;
    private QueryToken _token;
    private int _depth;

    private QueryParser(string text, QueryColumns? columns)
    {
        if (text.Length > MaxLength)
        {
            throw new QueryException($"an expression has at most {MaxLength} characters", MaxLength, 1);
        }

        (_lexer, _columns) = (new QueryLexer(text), columns);
        _token = _lexer.Next();
    }

    /// <summary>Looks for what is wrong with an expression whatever the table.</summary>
    /// <exception cref="QueryException">It is no expression.</exception>
    public static void Check(string text) => _ = new QueryParser(text, null).Parse();

    /// <summary>Makes a condition of an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="columns">The columns of the table that it will be asked of.</param>
    /// <exception cref="QueryException">It is no expression, or does not fit the table.</exception>
    public static Condition Parse(string text, QueryColumns columns) => new QueryParser(text, columns).Parse();

    private Condition Parse()
    {
        if (_token.Kind == QueryTokenKind.End)
        {
            throw _token.Wrong("the expression is empty; leave it out, or write one as dst_port == 443");
        }

        Condition condition = ParseAny();
        return _token.Kind switch
        {
            QueryTokenKind.End => condition,
            QueryTokenKind.Close => throw _token.Wrong("this parenthesis closes nothing"),
            _ => throw _token.Wrong("expected and, or, or the end of the expression"),
        };
    }

    private Condition ParseAny() => ParseChain("or", ParseAll, conditions => new AnyCondition(conditions));

    private Condition ParseAll() => ParseChain("and", ParseNot, conditions => new AllCondition(conditions));

    private Condition ParseChain(string keyword, Func<Condition> parse, Func<Condition[], Condition> join)
    {
        List<Condition> conditions = [parse()];
        while (_token.Is(keyword))
        {
            Advance();
            conditions.Add(parse());
        }

        return conditions.Count == 1 ? conditions[0] : join([.. conditions]);
    }

    private Condition ParseNot()
    {
        bool isNegated = false;
        while (_token.Is("not"))
        {
            isNegated = !isNegated;
            Advance();
        }

        Condition condition = _token.Kind == QueryTokenKind.Open ? ParseParentheses() : ParseComparison();
        return isNegated ? new NotCondition(condition) : condition;
    }

    private Condition ParseParentheses()
    {
        QueryToken open = _token;
        if (++_depth > MaxDepth)
        {
            throw open.Wrong($"parentheses are nested at most {MaxDepth} deep");
        }

        Advance();
        Condition condition = ParseAny();
        if (_token.Kind != QueryTokenKind.Close)
        {
            throw _token.Kind == QueryTokenKind.End
                ? open.Wrong("this parenthesis is never closed")
                : _token.Wrong("expected and, or, or a closing parenthesis");
        }

        _depth--;
        Advance();
        return condition;
    }

    private Condition ParseComparison()
    {
        QueryToken name = _token;
        if (name.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted) || (name.Kind == QueryTokenKind.Word
            && s_keywords.Contains(name.Text)))
        {
            throw name.Wrong("expected the name of a column");
        }

        Advance();
        IReadOnlyList<QueryColumn>? columns = _columns?.Find(name.Text);
        if (columns is { Count: 0 })
        {
            throw char.IsAsciiDigit(name.Text is [char first, ..] ? first : ' ')
                ? name.Wrong("a comparison begins with the name of a column, as in dst_port == 443")
                : _columns!.Missing(name.Text, name.At, name.Length);
        }

        bool isNegated = _token.Is("not");
        if (isNegated)
        {
            Advance();
        }

        if (_token.Is("in"))
        {
            Advance();
            return Negated(ParseList(columns), isNegated);
        }

        if (isNegated || _token.Kind != QueryTokenKind.Operator)
        {
            throw _token.Wrong(isNegated ? "expected in" : "expected a comparison: ==, !=, <, <=, >, >=, ~ or in");
        }

        string comparison = _token.Text;
        Advance();
        if (comparison == "~")
        {
            return ParsePattern(columns);
        }

        QueryToken value = TakeValue();
        return Negated(
            Either(columns, column => Compare(column, comparison switch
            {
                "<" => Comparison.Less,
                "<=" => Comparison.AtMost,
                ">" => Comparison.Greater,
                ">=" => Comparison.AtLeast,
                _ => Comparison.Equal,
            }, value)),
            comparison == "!=");
    }

    private Condition ParseList(IReadOnlyList<QueryColumn>? columns)
    {
        if (_token.Kind != QueryTokenKind.Open)
        {
            QueryToken value = TakeValue();
            return Either(columns, column => Compare(column, Comparison.Equal, value));
        }

        List<Condition> conditions = [];
        do
        {
            Advance();
            QueryToken value = TakeValue();
            conditions.Add(Either(columns, column => Compare(column, Comparison.Equal, value)));
        }
        while (_token.Kind == QueryTokenKind.Comma);
        if (_token.Kind != QueryTokenKind.Close)
        {
            throw _token.Wrong("expected a comma or a closing parenthesis, as in dst_port in (80, 443)");
        }

        Advance();
        return new AnyCondition([.. conditions]);
    }

    private Condition ParsePattern(IReadOnlyList<QueryColumn>? columns)
    {
        QueryToken pattern = TakeValue();
        _ = PatternCondition.Compile(pattern);
        return Either(columns, column => column.Number == QueryColumn.RowNumber
            ? throw pattern.Wrong("the number of a row is no text; write ==, !=, <, <=, >, >= or in")
            : PatternCondition.Create(column, pattern));
    }

    /// <summary>A word behind a comparison is the column of this name, if there is one; text in quotes never is.</summary>
    private Condition Compare(QueryColumn column, Comparison comparison, QueryToken value)
    {
        if (value.Kind != QueryTokenKind.Word || _columns!.Find(value.Text) is not [QueryColumn other])
        {
            return QueryValue.Compare(column, comparison, value);
        }

        return comparison == Comparison.Equal || (column.Kind, other.Kind) is not ((QueryKind.Text or QueryKind.Address, _)
            or (_, QueryKind.Text or QueryKind.Address))
            ? new ColumnsCondition(column, comparison, other)
            : throw value.Wrong($"{column.Name} and {other.Name} are not both numbers or times; write == or !=");
    }

    /// <summary>A condition on any of the columns that a word stands for; none is asked where there is no table yet.</summary>
    private static Condition Either(IReadOnlyList<QueryColumn>? columns, Func<QueryColumn, Condition> condition) => columns switch
    {
        null => new AnyCondition([]),
        [QueryColumn column] => condition(column),
        _ => new AnyCondition([.. columns.Select(condition)]),
    };

    private static Condition Negated(Condition condition, bool isNegated) => isNegated ? new NotCondition(condition) : condition;

    private QueryToken TakeValue()
    {
        QueryToken value = _token;
        if (value.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted))
        {
            throw value.Wrong("expected a value");
        }

        Advance();
        return value;
    }

    private void Advance() => _token = _lexer.Next();
}
