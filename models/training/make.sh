#!/bin/sh
# From nothing to the sealed package: sh models/training/make.sh WORK_FOLDER VERSION, from the project's root.
#
# PYTHON names the interpreter; STILLS a folder of labelled stills to animate (README.md; without it the network learns
# from simulated scans only); SIZE=small makes a network that is good for nothing, to try the way. PACKAGE is where the
# package goes. Started again, it goes on where it stopped.
set -eu
work=${1:?give a folder for sets and checkpoints}
version=${2:?give the version of the package, such as 0.2.0}
python=${PYTHON:-/usr/bin/python3}
package=${PACKAGE:-models/phlebox-dual}
configuration=${CONFIGURATION:-recurrent/conditioned}
here=models/training
# OpenMP threads that wait by spinning take the cores from the others.
export OMP_WAIT_POLICY=PASSIVE PYTHONDONTWRITEBYTECODE=1

if [ "${SIZE:-full}" = small ]; then
	recordings=4 judged=4 sketches=16 animated=16 cut=16 rounds=2 images=576
else
	recordings=500 judged=75 sketches=10000 animated=3000 cut=10000 rounds=30 images=48000
fi

# scans SET SEED RECORDINGS PURPOSE: a set out of the simulator, drawn by two processes.
scans() {
	node --import tsx $here/tensors.ts "$4" "$work/$1" "$2" "$3" 0 2 &
	other=$!
	node --import tsx $here/tensors.ts "$4" "$work/$1" "$2" "$3" 1 2
	wait $other
}

# clips WORLD STORE SEED CLIPS [OPTION...]
clips() {
	world=$1 store=$2 seed=$3 count=$4
	shift 4
	$python $here/draw_clips.py "$world" "$work/$store" --seed "$seed" --clips "$count" "$@"
}

# recordings WORLD SET SEED RECORDINGS [OPTION...]
recordings() {
	world=$1 set=$2 seed=$3 count=$4
	shift 4
	$python $here/draw_set.py "$world" "$work/$set" --seed "$seed" --recordings "$count" "$@"
}

scans scans-train 1001 $recordings train
scans scans-validation 2002 $judged judge
scans scans-test 3003 $judged judge
clips tensors scans-clips 13 $cut --tensors "$work/scans-train"
clips sketch sketch-clips 11 $sketches
recordings sketch sketch-validation 32 $judged
recordings sketch sketch-test 34 $judged
learned="$work/scans-clips=0.5 $work/sketch-clips=0.3"
validation="$work/scans-validation $work/sketch-validation"
test="$work/scans-test $work/sketch-test"
if [ -n "${STILLS:-}" ]; then
	clips stills stills-clips 12 $animated --stills "$STILLS"
	recordings stills stills-validation 31 $judged --stills "$STILLS" --part validation
	recordings stills stills-test 33 $judged --stills "$STILLS" --part test
	learned="$learned $work/stills-clips=0.2"
	validation="$validation $work/stills-validation"
	test="$test $work/stills-test"
fi

# The lists are meant to fall into words.
# shellcheck disable=SC2086
$python $here/train.py --configuration "$configuration" --clips $learned --validation $validation \
	--judged 40 --out "$work/run" --rounds $rounds --images $images --threads "${THREADS:-1}"
# shellcheck disable=SC2086
$python $here/calibrate.py --checkpoint "$work/run/best.pt" --validation $validation --to "$work/run/calibration.json"
# shellcheck disable=SC2086
$python $here/evaluate.py --checkpoint "$work/run/best.pt" --calibration "$work/run/calibration.json" \
	--set $test --json "$work/run/test.json"
stills_line=${STILLS:+"Animated stills of real groins, seed 12, $animated clips of the part for training (Huang et al. 2019, MIT)"}
$python $here/export.py --checkpoint "$work/run/best.pt" --calibration "$work/run/calibration.json" \
	--golden "$work/scans-test" --package "$package" --version "$version" \
	--trained-on "Phlebox simulator, tensor set seed 1001, $recordings recordings (Apache-2.0, simulated)" \
	--trained-on "Sketched world, seed 11, $sketches clips (Apache-2.0, simulated)" \
	${stills_line:+--trained-on "$stills_line"}
