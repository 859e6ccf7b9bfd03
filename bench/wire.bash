# shellcheck shell=bash
# Two network namespaces, what captures in one of them, and what sends from the other. Sourced by scripts/bench-live; uses $flowmeter.

## The wire

# A ring so small that it does not hide a receiver that is too slow for the seconds a run takes.
ring_mib=16 snaplen=256
first_core=0 second_core=1
sender=fm-sender-$$ receiver=fm-receiver-$$
receiver_pid=
dir=$(mktemp -d)
captures=${FLOWMETER_BENCH_DIR:-$dir}
mkdir -p "$captures"

clean_up() {
    if [[ -n $receiver_pid ]]; then
        kill -KILL "$receiver_pid" 2> /dev/null || true
    fi
    ip netns del "$sender" 2> /dev/null || true
    ip netns del "$receiver" 2> /dev/null || true
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

lay_wire() {
    local end
    for end in "$sender" "$receiver"; do
        ip netns add "$end"
        # The kernel's own packets would be counted, too.
        ip netns exec "$end" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    done
    ip -n "$sender" link add veth0 type veth peer name veth0 netns "$receiver"
    for end in "$sender" "$receiver"; do
        ip netns exec "$end" ethtool -K veth0 tx off rx off sg off tso off gso off gro off > /dev/null 2>&1 || true
        ip -n "$end" link set veth0 up
    done
}

# sent: packets so far, as the veth pair counts them.
sent() { ip netns exec "$sender" cat /sys/class/net/veth0/statistics/tx_packets; }

## The receivers

# command_of PROGRAM: sets the array `command`.
command_of() {
    case $1 in
        flowmeter | flowmeter-xdp)
            command=("$flowmeter" capture -i veth0 --snaplen "$snaplen" --buffer "$ring_mib" -o /dev/null --summary "$dir/summary.json")
            if [[ $1 == flowmeter-xdp ]]; then command+=(--af-xdp); fi ;;
        tcpdump) command=(tcpdump -i veth0 -n -s "$snaplen" -B $((ring_mib << 10)) -w /dev/null) ;;
        dumpcap) command=(dumpcap -q -i veth0 -s "$snaplen" -B "$ring_mib" -w /dev/null) ;;
        # Without a collector it makes its NetFlow packets all the same.
        softflowd) command=(softflowd -i veth0 -d -C "$snaplen" -B $((ring_mib << 20)) -m 200000 -p "$dir/softflowd.pid" -c "$dir/softflowd.ctl") ;;
    esac
}

# has_xdp: whether flowmeter can capture by AF_XDP here.
has_xdp() {
    command_of flowmeter-xdp
    ip netns exec "$receiver" "${command[@]}" --quiet --duration 1s > "$dir/output" 2>&1 < /dev/null
}

# is_capturing COMMAND...: whether it does by now. It has a packet socket then; with --af-xdp, a program on the interface, which comes after that.
is_capturing() {
    if [[ " $* " == *" --af-xdp "* ]]; then
        [[ $(ip -n "$receiver" link show veth0) == *xdp* ]]
    else
        (($(ip netns exec "$receiver" cat /proc/net/packet | wc -l) > 1))
    fi
}

# start COMMAND...: in the receiver's namespace, on its core; its output is in $dir/output, what it costs in $dir/usage as soon as it has ended.
start() {
    rm -f "$dir/pid" "$dir/usage" "$dir/summary.json"
    # shellcheck disable=SC2016  # expanded by the inner shell, which becomes the receiver
    {
        TIMEFORMAT='%3U %3S'
        time bash -c 'echo $$ > "$0/pid"; exec "$@" > "$0/output" 2>&1 < /dev/null' "$dir" \
            ip netns exec "$receiver" taskset -c "$second_core" "$@"
    } 2> "$dir/usage" &
    receiver_job=$!
    local try
    for ((try = 0; try < 100; try++)); do
        sleep 0.1
        if is_capturing "$@"; then
            receiver_pid=$(< "$dir/pid")
            sleep 0.2
            return
        fi
    done
    fail "does not start: $*: $(tail -n 1 "$dir/output")"
}

# stop PROGRAM: sets seen, by the program's own counters, and cpu, in seconds.
stop() {
    # What is left in the ring is taken within a second, tcpdump's time-out.
    sleep 1.3
    if [[ $1 == softflowd ]]; then
        softflowctl -c "$dir/softflowd.ctl" statistics > "$dir/statistics" 2>&1 || true
    fi
    kill -TERM "$receiver_pid"
    wait "$receiver_job" || true
    receiver_pid=
    case $1 in
        flowmeter | flowmeter-xdp) seen=$(sed -n 's/^  "frames": \([0-9]*\),$/\1/p' "$dir/summary.json") ;;
        tcpdump) seen=$(sed -n 's/^\([0-9]*\) packets\{0,1\} captured$/\1/p' "$dir/output") ;;
        dumpcap) seen=$(tr '\r' '\n' < "$dir/output" | sed -n 's/^Packets captured: \([0-9]*\)$/\1/p' | tail -n 1) ;;
        # What it calls processed lacks some of the last packets, which stay in the ring until more come; they are not lost.
        softflowd) seen=$(awk -F': ' '/^Packets received by libpcap/ { seen += $2 } /^Packets dropped by libpcap/ { seen -= $2 } END { print seen }' "$dir/statistics") ;;
    esac
    [[ $seen =~ ^[0-9]+$ ]] || fail "$1 did not say how many packets it saw: $(tail -n 1 "$dir/output")"
    cpu=$(tail -n 1 "$dir/usage" | awk '{ print $1 + $2 }')
}

## The sender

# generate NAME OPTION...: makes the capture once.
generate() {
    capture=$captures/$1.pcap
    shift
    if [[ ! -s $capture ]]; then
        note "$(basename "$flowmeter") generate ${capture##*/} $*"
        "$flowmeter" generate "$capture" "$@" > /dev/null
    fi
}

# send RATE OPTION...: the capture, at so many packets a second; 0 for as fast as it goes. Sets rate to what came of it.
send() {
    local speed=(--topspeed)
    if (($1 > 0)); then speed=(--pps "$1" --pps-multi 20); fi
    shift
    ip netns exec "$sender" taskset -c "$first_core" tcpreplay --quiet --preload-pcap "${speed[@]}" "$@" -i veth0 "$capture" > "$dir/sender" 2>&1 ||
        fail "tcpreplay: $(tail -n 1 "$dir/sender")"
    rate=$(sed -n 's/^Rated:.* \([0-9]*\)\.[0-9]* pps$/\1/p' "$dir/sender")
    [[ $rate =~ ^[1-9][0-9]*$ ]] || fail "tcpreplay did not say how fast it was: $(grep Rated "$dir/sender")"
}

# attempt PROGRAM RATE: one run. Sets rate, wire (packets sent), lost and cpu.
attempt() {
    local before
    command_of "$1"
    start "${command[@]}"
    before=$(sent)
    send "$2"
    wire=$(($(sent) - before))
    stop "$1"
    lost=$((wire - seen))
    note "$1: $rate packets/s, $wire sent, $lost lost, $cpu s of CPU"
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$rate" "$wire" "$lost" "$cpu" >> "$dir/attempts"
}
