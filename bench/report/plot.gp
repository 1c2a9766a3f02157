# SPDX-License-Identifier: GPL-2.0
# Draw one plot: gnuplot -e "dat='x.dat'; out='x'; what='...'" plot.gp
# Writes out.svg and out.png: the metric per page over pages per call, one line for
# each number of CPUs. Zeroes are left out, because the axis is logarithmic.
set datafile separator "\t"
set datafile missing "?"
set logscale x 2
set logscale y 10
set format y "%g"
set xlabel "pages per call"
set ylabel what noenhanced
set title what noenhanced
set grid
set key outside right top title "CPUs"
stats dat skip 1 using 1 nooutput
columns = STATS_columns
first = STATS_min
last = STATS_max
most = 0
do for [c=2:columns] {
	stats dat skip 1 using c nooutput
	if (STATS_records > 0 && STATS_max > most) { most = STATS_max }
}
if (most <= 0) {
	set xrange [first:last]
	set yrange [0.1:1]
	set label "all values are 0" at graph 0.5, graph 0.5 center
}
do for [type in "svg png"] {
	if (type eq "svg") { set terminal svg size 800,480 dynamic background "white" }
	if (type eq "png") { set terminal png size 800,480 }
	set output out.".".type
	plot for [c=2:columns] dat using 1:(column(c) > 0 ? column(c) : NaN) \
		with linespoints title columnheader(c)
}
