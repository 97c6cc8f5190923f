# Splits a panel into files of whole series:
#
#   LC_ALL=C awk -v id=store -v parts=100 -v folder=parts -f split-panel.awk sales.csv
#
# writes parts/part-0000.csv to parts/part-0099.csv, each with the header. The hash of the name in the
# column id chooses the part, so all rows of a series are in one part, and a panel with the same series
# gives the same parts. With LC_ALL=C, each byte of a name is a character. The panel has commas, and no
# line breaks within quotes. Up to about 1000 parts: all files are open at the same time.

BEGIN {
  if (id == "" || parts < 1 || folder == "") fail("expected -v id=COLUMN -v parts=N -v folder=FOLDER")
  if (length("\303\244") != 2) fail("characters are not bytes, expected LC_ALL=C")
  later = sprintf("%s/part-%04d.csv", folder, parts)
  if ((getline line < later) >= 0) fail(later " is a part of an earlier run: empty the folder")
  for (k = 1; k < 256; k++) code[sprintf("%c", k)] = k
}

NR == 1 {
  sub(/^\357\273\277/, "") # A byte-order mark.
  header = $0
  count = split_fields($0)
  for (column = count; column > 0; column--) if (unquoted(fields[column]) == id) break
  if (!column) fail("the header has no column " id)
  next
}

{
  # Only the first row of a series needs its hash.
  name = column == 1 && index($0, last ",") == 1 && last != "" ? last : field($0)
  if (name != last) {
    last = name
    part = hash(unquoted(name)) % parts
    file = sprintf("%s/part-%04d.csv", folder, part)
    if (!(part in used)) print header > file
    used[part] = file
  }
  print > file
}

END {
  if (failed) exit 1
  for (part = 0; part < parts; part++) {
    if (!(part in used)) fail("no series is in part " part ": expected fewer parts")
    if (close(used[part])) fail("cannot write " used[part])
  }
}

# The number of fields of a line, which are then in the array fields, with their quotes.
function split_fields(line,   k) {
  for (k = 1; ; k++) {
    match(line, /^("([^"]|"")*"|[^,]*)/)
    fields[k] = substr(line, 1, RLENGTH)
    if (RLENGTH == length(line)) return k
    line = substr(line, RLENGTH + 2)
  }
}

function field(line) {
  split_fields(line)
  return fields[column]
}

function unquoted(text) {
  sub(/\r$/, "", text)
  if (text !~ /^"/) return text
  text = substr(text, 2, length(text) - 2)
  gsub(/""/, "\"", text)
  return text
}

function hash(text,   k, result) {
  for (k = 1; k <= length(text); k++) result = (result * 31 + code[substr(text, k, 1)]) % 16777213
  return result
}

function fail(message) {
  print "split-panel.awk: " message > "/dev/stderr"
  failed = 1
  exit 1
}
