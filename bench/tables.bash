# shellcheck shell=bash
# The tables of the full run of scripts/bench, as Markdown. Sourced.

# table_head FIRST: the columns that every table of one capture has.
table_head() {
    printf '\n| %s | wall s | CPU s | CPU ns a packet | CPU ÷ counting loop | CPU ÷ packet path | peak MB |\n|---|--:|--:|--:|--:|--:|--:|\n' "$1"
}

# table_row TITLE WHAT PROGRAM PACKETS
table_row() {
    local title=$1 what=$2 program=$3 packets=$4 cpu
    cpu=$(median "$what" "$program" 5)
    if [[ -z $cpu ]]; then
        echo "| $title | failed | | | | | |"
        return
    fi
    awk -v title="$title" -v packets="$packets" -v wall="$(median "$what" "$program" 4)" -v cpu="$cpu" -v kb="$(median "$what" "$program" 6)" \
        -v loop="$(ratio "$what" "$program" 5 count)" -v path="$(ratio "$what" "$program" 5 packet_path)" \
        'BEGIN { printf "| %s | %.3f | %.3f | %.1f | %s | %s | %.0f |\n", title, wall, cpu, cpu / packets * 1e9, loop, path, kb / 1024 }'
}

# quoted OPTION...: an option as it is written in a table.
quoted() { printf '`%s`' "$*"; }

# command_of PROGRAM FILE FLOWS: sets the array `command`. Tables of the peers are given room for all flows, so that none of them has to
# throw any out.
command_of() {
    case $1 in
        count | packet_path) command=("$dir/$1" "$2") ;;
        flowmeter-*) command=("$flowmeter" read "$2" --workers "${1#*-}" --model "${model:-none}" -o "$dir/flows.csv" --quiet) ;;
        # Without a collector it makes its NetFlow packets all the same; its control socket would block it on a savefile.
        softflowd) command=(softflowd -r "$2" -d -c none -p "$dir/softflowd.pid" -m "$((2 * $3))") ;;
        # It counts the directions apart: two nodes a flow.
        nfpcapd) command=(nfpcapd -r "$2" -w "$dir/nfpcapd" -B "$((4 * $3))") ;;
        argus) command=(argus -r "$2" -w /dev/null) ;;
    esac
}

# compare TITLE PACKETS FLOWS GENERATE-OPTION...: all meters in turn on one capture.
compare() {
    local title=$1 packets=$2 flows=$3 what=${1%%:*} program
    shift 3
    generate "$what" "$packets" "$flows" "$@"
    for ((round = 1; round <= runs; round++)); do
        for program in "${yardsticks[@]}" flowmeter-1 flowmeter-2 "${peers[@]}"; do
            note "$what: run $round of $runs: $program"
            command_of "$program" "$capture" "$flows"
            time_command "$what" "$program" "${command[@]}"
            rm -rf "$dir/nfpcapd/"* "$dir/flows.csv"
        done
    done

    printf '\n## %s\n\n' "$title"
    echo "\`flowmeter generate $what.pcap --packets $packets --flows $flows $*\`"
    table_head program
    for program in "${yardsticks[@]}" flowmeter-1 flowmeter-2 "${peers[@]}"; do
        table_row "$program" "$what" "$program" "$packets"
    done
    if [[ -n $(median "$what" softflowd 4) ]]; then
        printf '\nWall of softflowd ÷ wall of flowmeter-1: %s.\n' "$(ratio "$what" softflowd 4 flowmeter-1)"
    fi
}

# by_flows NAME PACKETS FLOWS GENERATE-OPTION...: the rows of the table of flows for one capture.
by_flows() {
    local name=$1 packets=$2 flows=$3 what=flows-$1 program
    shift 3
    generate "$name" "$packets" "$flows" "$@"
    for ((round = 1; round <= runs; round++)); do
        note "$what: run $round of $runs"
        time_yardsticks "$what"
        time_flowmeter "$what" no-rows "${no_rows[@]}"
        time_flowmeter "$what" rows
    done
    for program in "${yardsticks[@]}"; do
        table_row "$flows, $program" "$what" "$program" "$packets"
    done
    table_row "$flows, flowmeter without rows" "$what" no-rows "$packets"
    table_row "$flows, flowmeter, CSV" "$what" rows "$packets"
}

flows_table() {
    # shellcheck disable=SC2016  # the backticks are Markdown's
    printf '\n## By flows\n\nOne worker, no model, 64-byte frames, all flows alive at once. Packets a flow: 400, 100, 10, 2. Without rows is `%s`, which leaves\nall flows out as they end; rows go to /dev/null.\n' "${no_rows[*]}"
    table_head "flows, program"
    by_flows 10k 4000000 10000 --size 64
    by_flows a 10000000 100000 --size 64
    by_flows b 10000000 1000000 --packets-per-flow 10 --size 64
    by_flows 8m 16000000 8000000 --size 64
    # The largest capture, which nothing else reads.
    [[ -n ${FLOWMETER_BENCH_DIR:-} ]] || rm "$capture"
}

# variants WHAT PACKETS NAME...: the capture by the yardsticks and, in turn, by flowmeter with the options that `options` has for each name.
variants() {
    local what=$1 packets=$2 name
    shift 2
    for ((round = 1; round <= runs; round++)); do
        note "$what: run $round of $runs"
        time_yardsticks "$what"
        for name in "$@"; do
            # shellcheck disable=SC2086  # several options in a word
            time_flowmeter "$what" "$name" ${options[$name]}
        done
    done
    for name in "${yardsticks[@]}"; do
        table_row "$name" "$what" "$name" "$packets"
    done
    for name in "$@"; do
        table_row "$(quoted "${options[$name]}")" "$what" "$name" "$packets"
    done
}

# by_workers NAME PACKETS FLOWS GENERATE-OPTION...: the row of the table of workers for one capture.
by_workers() {
    local name=$1 packets=$2 flows=$3 what=workers-$1
    local -a alone
    shift 3
    generate "$name" "$packets" "$flows" "$@"
    alone=("$flowmeter" read "$capture" --workers 1 --model none -o /dev/null --quiet "${no_rows[@]}")
    for ((round = 1; round <= runs; round++)); do
        note "$what: run $round of $runs"
        time_flowmeter "$what" one "${no_rows[@]}"
        time_flowmeter "$what" two --workers 2 "${no_rows[@]}"
        # shellcheck disable=SC2016  # expanded by the inner shell, which is what is timed
        time_command "$what" pair bash -c '"$@" & first=$!; "$@" && wait "$first"' bash "${alone[@]}"
    done
    awk -v name="$name" -v wall="$(median "$what" one 4)" -v two="$(median "$what" one 4 two)" -v pair="$(median "$what" one 4 pair)" \
        -v cpu="$(median "$what" two 5 one)" 'BEGIN {
        if (two && pair) printf "| %s | %.3f | %.2f | %.2f | %.2f | %.2f |\n", name, wall, two, 2 * pair, two / (2 * pair), cpu
        else printf "| %s | failed | | | | |\n", name }'
}

workers_table() {
    printf '\n## By workers\n\nNo model, no rows. Two processes of one worker each, side by side, share nothing of the program: their speed-up is what the machine gives to two\nthat do not wait for each other. They have a table each, of all flows, so two workers, who have one together, can be faster. A speed-up is wall\ntime of one worker beside it; of two processes, twice that, since they read twice as much.\n'
    printf '\n| capture | wall s of one worker | speed-up of two workers | speed-up of two processes | two workers ÷ two processes | CPU of two workers ÷ one |\n|---|--:|--:|--:|--:|--:|\n'
    by_workers a 10000000 100000 --size 64
    by_workers b 10000000 1000000 --packets-per-flow 10 --size 64
    by_workers c 4000000 200000 --size imix --distribution zipf
}

profiles_table() {
    local name
    local -A options=()
    printf '\n## By profile\n\nCapture c (IMIX, Zipf), one worker, no model, CSV to /dev/null.\n'
    table_head options
    generate c 4000000 200000 --size imix --distribution zipf
    for name in "${profiles[@]}"; do
        options[$name]="--profile $name"
    done
    variants profiles 4000000 "${profiles[@]}"
}

rows_table() {
    local name rows=1000000
    local -A options=([no-rows]="${no_rows[*]}" [judged]="--model builtin")
    printf '\n## By format\n\nCapture b, which ends in %d rows, one worker, no model but where one is named, profile flowmeter, rows to /dev/null.\n' "$rows"
    table_head options
    generate b 10000000 "$rows" --packets-per-flow 10 --size 64
    for name in "${formats[@]}"; do
        options[$name]="--format $name"
    done
    variants formats 10000000 no-rows "${formats[@]}" judged

    printf '\nWhat a row costs: CPU less that without rows in the same round.\n\n| options | ns a row |\n|---|--:|\n'
    for name in "${formats[@]}" judged; do
        awk -v options="$(quoted "${options[$name]}")" -v seconds="$(median formats "$name" 5 no-rows less)" -v rows="$rows" 'BEGIN {
            if (seconds != "") printf "| %s | %.0f |\n", options, seconds / rows * 1e9
            else printf "| %s | failed |\n", options }'
    done
}

input_table() {
    local packets=4000000 plain
    printf '\n## Compressed input\n\nCapture 10k as it is, by gzip -1 and by zstd -1; one worker, no model, CSV to /dev/null. CPU of both sides of a pipe.\n'
    table_head input
    generate 10k "$packets" 10000 --size 64
    plain=$capture
    [[ -s $plain.gz ]] || gzip -1 -k "$plain"
    [[ -s $plain.zst ]] || zstd -q -1 -k "$plain"
    for ((round = 1; round <= runs; round++)); do
        note "input: run $round of $runs"
        time_yardsticks input
        time_flowmeter input plain
        capture=$plain.gz time_flowmeter input gz
        capture=$plain.zst time_flowmeter input zst
        # shellcheck disable=SC2016  # expanded by the inner shell, which is what is timed
        time_command input gzip-count bash -c 'gzip -dc "$1" | "$0" -' "$dir/count" "$plain.gz"
        # shellcheck disable=SC2016
        time_command input zstd-count bash -c 'zstd -qdc "$1" | "$0" -' "$dir/count" "$plain.zst"
    done
    table_row "count" input count "$packets"
    table_row "flowmeter" input plain "$packets"
    table_row "\`gzip -dc\` to count" input gzip-count "$packets"
    table_row "flowmeter, .gz" input gz "$packets"
    table_row "\`zstd -dc\` to count" input zstd-count "$packets"
    table_row "flowmeter, .zst" input zst "$packets"
}

# replay NAME FLOWS OPTION...: nanoseconds a packet of the pipeline without files, as flowmeter itself measures them. Prints the table's row.
replay() {
    local name=$1 flows=$2 nanoseconds
    shift 2
    touched_mb=$((128 + flows * 320 / 1000000))
    for ((round = 1; round <= runs; round++)); do
        note "replay of $name: run $round of $runs"
        time_command "replay-$name" flowmeter "$flowmeter" replay "$capture" --model none --workers 1 "$@"
        nanoseconds=$(sed -n 's/.*[^0-9.]\([0-9][0-9.]*\) *ns.*/\1/p' "$dir/output" | head -n 1)
        if [[ -n $nanoseconds ]]; then
            printf 'replay-%s\tnanoseconds\t%d\t%s\n' "$name" "$round" "$nanoseconds" >> "$results"
        fi
    done
    awk -v flows="$flows" -v ns="$(median "replay-$name" nanoseconds 4)" -v base="$(median replay-a nanoseconds 4)" 'BEGIN {
        if (ns) printf "| %d | %.1f | %.1f | %.2f |\n", flows, ns, 1000 / ns, base ? ns / base : 0
        else printf "| %d | failed | | |\n", flows }'
}

replay_table() {
    printf '\n## Replay: the pipeline alone, one worker, no output\n\n'
    printf '| flows | ns a packet | M packets/s | × the cost of the first row |\n|--:|--:|--:|--:|\n'
    generate a 10000000 100000 --size 64
    replay a 100000
    generate b 10000000 1000000 --packets-per-flow 10 --size 64
    replay b 1000000
    # The same capture in eight copies at once: as many packets a flow, eight times the flows.
    replay b-x8 8000000 --flows x8
}

# start_row TITLE NAME COMMAND...
start_row() {
    local title=$1 name=$2
    shift 2
    for ((round = 1; round <= 4 * runs; round++)); do
        time_command start "$name" "$@"
    done
    awk -v title="$title" -v wall="$(median start "$name" 4)" -v cpu="$(median start "$name" 5)" -v kb="$(median start "$name" 6)" 'BEGIN {
        if (wall) printf "| %s | %.1f | %.1f | %.0f |\n", title, 1000 * wall, 1000 * cpu, kb / 1024
        else printf "| %s | failed | | |\n", title }'
}

start_table() {
    printf '\n## Start, size, memory\n\n| command | wall ms | CPU ms | peak MB |\n|---|--:|--:|--:|\n'
    touched_mb=64
    start_row "\`count samples/office.pcap\`" count "$dir/count" samples/office.pcap
    start_row "\`flowmeter --version\`" version "$flowmeter" --version
    start_row "\`flowmeter read samples/office.pcap\`" sample "$flowmeter" read samples/office.pcap -o /dev/null --quiet
    printf '\n| | |\n|---|--:|\n'
    awk -v bytes="$(wc -c < "$flowmeter")" 'BEGIN { printf "| binary | %.1f MB |\n", bytes / 1e6 }'
    awk -v few="$(median flows-a no-rows 6)" -v many="$(median flows-8m no-rows 6)" 'BEGIN {
        if (!few || !many) print "| memory for each flow | failed |"
        else printf "| memory for each flow, from 100 k to 8 M | %.0f bytes |\n", 1024 * (many - few) / (8000000 - 100000) }'
}
