# shellcheck shell=bash
# How scripts/bench measures: captures, timed runs, and figures of all runs of a program. Sourced; uses $flowmeter, $dir and $suffix.

results=$dir/results.tsv
: > "$results"
rm -f "$dir/failed"
round=1

# compile_peers: the programs of bench/peers. The packet path needs a processor with AES instructions of x86, and is left out elsewhere.
compile_peers() {
    cc -O2 -o "$dir/count" bench/peers/count.c -lpcap
    cc -O2 -o "$dir/touch" bench/peers/touch.c
    cc -O2 -o "$dir/usage" bench/peers/usage.c
    yardsticks=(count)
    if cc -O3 -march=native -o "$dir/packet_path" bench/peers/packet_path.c 2> "$dir/output"; then
        yardsticks+=(packet_path)
    else
        left_out+=(packet_path)
        note "the packet path does not compile here: $(grep -m 1 error "$dir/output")"
    fi
}

# generate NAME PACKETS FLOWS OPTION...: makes the capture once, and reads it, so that it is in the page cache and known to be whole. Sets
# capture, and how much memory is touched before each run: about what a table of so many flows takes.
generate() {
    local name=$1 packets=$2 flows=$3 counted
    shift 3
    capture=$dir/$name$suffix.pcap
    touched_mb=$((128 + flows * 320 / 1000000))
    if [[ ! -s $capture ]]; then
        note "$(basename "$flowmeter") generate ${capture##*/} --packets $packets --flows $flows $*"
        "$flowmeter" generate "$capture" --packets "$packets" --flows "$flows" "$@" > /dev/null
    fi
    counted=$("$dir/count" "$capture")
    if [[ $counted != "$packets packets,"* ]]; then
        note "$capture has $counted and not $packets; remove it"
        exit 1
    fi
}

# time_command WHAT PROGRAM COMMAND...: touches memory, runs the command, and adds "WHAT PROGRAM round seconds cpu_seconds peak_kB" to the
# results; what it printed is in $dir/output.
time_command() {
    local what=$1 program=$2 seconds cpu peak
    shift 2
    "$dir/touch" "$touched_mb"
    if ! "$dir/usage" "$dir/used" "$@" > "$dir/output" 2>&1 < /dev/null; then
        note "failed: $*: $(tail -n 1 "$dir/output")"
        : > "$dir/failed"
        return
    fi
    read -r seconds cpu peak < "$dir/used"
    printf '%s\t%s\t%d\t%s\t%s\t%s\n' "$what" "$program" "$round" "$seconds" "$cpu" "$peak" >> "$results"
}

# time_yardsticks WHAT: the programs in C on the capture.
time_yardsticks() {
    local yardstick
    for yardstick in "${yardsticks[@]}"; do
        time_command "$1" "$yardstick" "$dir/$yardstick" "$capture"
    done
}

# time_flowmeter WHAT PROGRAM OPTION...: `read` of the capture, by one worker and without a model where the options name none.
time_flowmeter() {
    local what=$1 program=$2
    shift 2
    [[ " $* " == *" --workers "* ]] || set -- --workers 1 "$@"
    [[ " $* " == *" --model "* ]] || set -- --model none "$@"
    time_command "$what" "$program" "$flowmeter" read "$capture" -o /dev/null --quiet "$@"
}

# figures WHAT PROGRAM FIELD [YARDSTICK [less]]: "median lower_quartile upper_quartile runs" of a field of the results, or of what it is beside
# that of the yardstick in the same round where one is named, or what it is more than that; a yardstick that ran twice in a round counts with
# its mean. Nothing where there was no run.
figures() {
    awk -F'\t' -v what="$1" -v program="$2" -v field="$3" -v yardstick="${4:-}" -v less="${5:-}" '
        $1 == what && $2 == program { of_program[$3] = $field }
        $1 == what && $2 == yardstick { sum[$3] += $field; of_yardstick[$3] = sum[$3] / ++times[$3] }
        END {
            for (round in of_program)
                if (yardstick == "") print of_program[round]
                else if (less != "" && round in of_yardstick) print of_program[round] - of_yardstick[round]
                else if (of_yardstick[round] > 0) print of_program[round] / of_yardstick[round]
        }' "$results" | sort -g | awk '
        { v[NR] = $1 }
        function quantile(share, at, below) {
            at = 1 + share * (NR - 1)
            below = int(at)
            return v[below] + (at - below) * (v[below + (at > below)] - v[below])
        }
        END { if (NR) print quantile(0.5), quantile(0.25), quantile(0.75), NR }'
}

# median WHAT PROGRAM FIELD [YARDSTICK [less]]
median() {
    local value
    read -r value _ < <(figures "$@") || true
    echo "${value:-}"
}

# ratio WHAT PROGRAM FIELD YARDSTICK: the median with two decimals, or a dash.
ratio() {
    local value
    value=$(median "$@")
    if [[ -n $value ]]; then printf '%.2f' "$value"; else printf '–'; fi
}
