#!/bin/bash
#SBATCH --job-name=recur
#SBATCH --array=0-99
#SBATCH --cpus-per-task=1
#SBATCH --requeue
# sbatch forecast-array.sh PARTS MODEL FORECASTS: a job array of Slurm. Task 3 forecasts
# PARTS/part-0003.csv and writes FORECASTS/part-0003.csv. All paths are on a file system of all nodes.
#
# A forecast has its name only when it is complete. A task fails if its part fails, and Slurm requeues
# tasks whose node fails. The same command then runs only the parts whose forecast is missing, or older
# than the part or the model. `sbatch --array=3 forecast-array.sh …` runs one part.
set -eu

name=$(printf 'part-%04d.csv' "$SLURM_ARRAY_TASK_ID")
part=$1/$name
forecast=$3/$name
mkdir -p "$3"

if [ "$forecast" -nt "$part" ] && [ "$forecast" -nt "$2" ]; then exit 0; fi
rm -f "$forecast"
recur forecast "$part" --model "$2" --output - --threads 1 --quiet >"$forecast.partial"
mv "$forecast.partial" "$forecast"
