# shellcheck shell=bash
# What scripts/bench compares with the result that is kept: small captures, every program in turn in each round, and of each the CPU time
# beside that of a yardstick in C on the same capture in the same round. Sourced.

# quick_round: all programs once, the yardsticks before and after the others. What comes first in a line is the capture, what comes second the
# program; together they name a case.
quick_round() {
    local name
    generate flows-10k 1000000 10000
    time_yardsticks flows-10k
    time_flowmeter flows-10k no-rows "${no_rows[@]}"
    time_flowmeter flows-10k rows
    time_flowmeter flows-10k two-workers --workers 2
    capture=$dir/flows-10k$suffix.pcap.gz time_flowmeter flows-10k gz
    capture=$dir/flows-10k$suffix.pcap.zst time_flowmeter flows-10k zst
    time_yardsticks flows-10k

    generate flows-100k 1500000 100000
    time_yardsticks flows-100k
    time_flowmeter flows-100k no-rows "${no_rows[@]}"
    time_flowmeter flows-100k rows
    time_yardsticks flows-100k

    generate flows-1m 2000000 1000000
    time_yardsticks flows-1m
    time_flowmeter flows-1m no-rows "${no_rows[@]}"
    time_yardsticks flows-1m

    generate imix 400000 40000 --size imix --distribution zipf
    time_yardsticks imix
    for name in "${profiles[@]}"; do
        time_flowmeter imix "$name" --profile "$name"
    done
    time_yardsticks imix

    generate rows 300000 100000
    time_yardsticks rows
    time_flowmeter rows no-rows "${no_rows[@]}"
    time_flowmeter rows judged --model builtin
    for name in "${formats[@]}"; do
        time_flowmeter rows "$name" --format "$name"
    done
    time_yardsticks rows

    capture=samples/office.pcap
    time_command start count "$dir/count" "$capture"
    time_command start version "$flowmeter" --version
    time_flowmeter start sample
    time_command start count "$dir/count" "$capture"
}

# quick_rounds RUNS SECONDS: so many rounds, fewer where the time is over before.
quick_rounds() {
    local runs=$1 seconds=$2 began=$SECONDS longest=0 at
    generate flows-10k 1000000 10000
    [[ -s $capture.gz ]] || gzip -1 -k "$capture"
    [[ -s $capture.zst ]] || zstd -q -1 -k "$capture"
    for ((round = 1; round <= runs; round++)); do
        at=$SECONDS
        quick_round
        longest=$((SECONDS - at > longest ? SECONDS - at : longest))
        note "round $round of $runs: $((SECONDS - at)) s"
        if ((SECONDS - began + longest > seconds && round < runs)); then
            note "no time for more rounds"
            return
        fi
    done
}

# quick_lines: "case ratio lower_quartile upper_quartile runs" of each case: CPU beside the counting loop's, and memory of the largest table
# beside that of the packet path.
quick_lines() {
    local what program line
    cut -f 1,2 "$results" | grep -v $'\tcount$' | awk '!seen[$0]++' | while IFS=$'\t' read -r what program; do
        line=$(figures "$what" "$program" 5 count)
        if [[ -n $line ]]; then echo "$what/$program $line"; fi
    done | tr ' ' '\t'
    line=$(figures flows-1m no-rows 6 packet_path)
    if [[ -n $line ]]; then echo "flows-1m/memory $line" | tr ' ' '\t'; fi
}

# keep_quick FILE: the lines with what one has to know of them.
keep_quick() {
    {
        echo "# Ratios that \`scripts/bench --quick\` compares with, written on $(date -u +%F): CPU time beside that of bench/peers/count.c"
        echo "# on the same capture in the same round; memory beside that of bench/peers/packet_path.c. No times: those are of one machine."
        echo "# processor: $(processor)"
        echo "# binary: $("$flowmeter" --version | head -n 1), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)"
        if [[ -n $label ]]; then echo "# label: $label"; fi
        printf 'case\tratio\tlower_quartile\tupper_quartile\truns\n'
        quick_lines
    } > "$1.partial"
    mv "$1.partial" "$1"
}

# compare_quick FILE: each case beside the kept one. Moved is what differs by more than the quartiles of both are apart, and by more than 2 %:
# two runs of one binary differ by that where their places in memory differ. Quartiles of fewer than four rounds say nothing.
compare_quick() {
    quick_lines > "$dir/now.tsv"
    local kept_on
    kept_on=$(sed -n 's/^# processor: //p' "$1")
    if [[ $kept_on != "$(processor)" ]]; then
        echo "The kept result is of another processor: $kept_on. Ratios differ between processors, too."
    fi
    awk -F'\t' '
        BEGIN { printf "%-22s %9s %9s %8s %8s\n", "case", "now", "kept", "change", "noise" }
        /^#/ || $1 == "case" { next }
        FNR == NR { kept[$1] = $2; width[$1] = $4 - $3; rounds[$1] = $5; next }
        !($1 in kept) { printf "%-22s %9.3f %9s\n", $1, $2, "new"; next }
        {
            noise = $4 - $3 + width[$1]
            noise = (noise > 0.02 * kept[$1] ? noise : 0.02 * kept[$1]) / kept[$1]
            change = $2 / kept[$1] - 1
            isFew = $5 < 4 || rounds[$1] < 4
            few += isFew
            moves = !isFew && (change > noise || -change > noise)
            printf "%-22s %9.3f %9.3f %+7.1f%% %7.1f%%%s\n", $1, $2, kept[$1], 100 * change, 100 * noise, moves ? "  moved" : ""
            if (moves) moved = moved sprintf("\n  %s: %+.1f %%", $1, 100 * change)
            delete kept[$1]
        }
        END {
            for (name in kept) missing = missing " " name
            if (missing) print "\nKept, but not measured now:" missing
            if (few) print "\nNot judged, because of fewer than four rounds: " few " cases. The machine is too busy, or too slow."
            if (moved || !few) print moved ? "\nMoved by more than the noise:" moved : "\nNothing moved by more than the noise."
        }' "$1" "$dir/now.tsv"
}
