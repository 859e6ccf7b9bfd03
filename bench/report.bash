# shellcheck shell=bash
# What the benchmark scripts share: which machine it was, and docs/benchmarks.md, of which each script writes its own part and leaves the others alone.

# processor: its name and how many cores of it there are.
processor() { echo "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"; }

# describe_machine BINARY PACKAGE...: the first rows of a report's table.
describe_machine() {
    local binary=$1
    shift
    echo "| | |"
    echo "|---|---|"
    echo "| CPU | $(processor) |"
    echo "| memory | $(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo) |"
    echo "| system | $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r) |"
    echo "| FlowMeter | $("$binary" --version | head -n 1), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown) |"
    echo "| compared with | $(dpkg-query --show --showformat='${db:Status-Status} ${Package} ${Version}, ' "$@" 2> /dev/null |
        sed 's/not-installed [^,]*, //g; s/installed //g; s/, $//') |"
}

# keep_part NAME FILE REPORT: puts the report into FILE, in the place of the part of that name, or at the end where there is none.
keep_part() {
    local name=$1 file=$2 report=$3
    [[ -e $file ]] || : > "$file"
    awk -v begin="<!-- begin: $name -->" -v end="<!-- end: $name -->" -v report="$report" '
        function put(line) { print begin; while ((getline line < report) > 0) print line; print end; isPut = 1 }
        $0 == begin { put(); isOld = 1 }
        !isOld { print }
        $0 == end { isOld = 0 }
        END { if (!isPut) { if (NR) print ""; put() } }' "$file" > "$file.partial"
    mv "$file.partial" "$file"
}
