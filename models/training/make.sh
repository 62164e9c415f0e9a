#!/bin/sh
# From nothing to the sealed package: sh models/training/make.sh WORK_FOLDER VERSION, from the project's root.
#
# PYTHON names the interpreter; STILLS a folder of labelled stills to animate (README.md; without it the network learns
# from simulated scans only); SIZE=small makes a network that is good for nothing, to try the way. PACKAGE is where the
# package goes. Started again, it goes on where it stopped. Where PyTorch finds a GPU, sets and training are larger.
set -eu
work=${1:?give a folder for sets and checkpoints}
version=${2:?give the version of the package, such as 0.2.0}
python=${PYTHON:-/usr/bin/python3}
package=${PACKAGE:-models/phlebox-dual}
configuration=${CONFIGURATION:-recurrent/conditioned}
here=models/training
cores=${CORES:-$(nproc)}
# OpenMP threads that wait by spinning take the cores from the others.
export OMP_WAIT_POLICY=PASSIVE PYTHONDONTWRITEBYTECODE=1

if [ "${SIZE:-full}" = small ]; then
	recordings=4 judged=4 more=4 sketches=16 animated=16 rounds=2 images=576 rows=8 steps=6 rate=2.5e-3
elif $python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
	recordings=2200 judged=75 more=200 sketches=20000 animated=6000 rounds=24 images=3000000 rows=512 steps=12 rate=3e-3
else
	recordings=500 judged=75 more=200 sketches=10000 animated=3000 rounds=30 images=48000 rows=32 steps=6 rate=2.5e-3
fi

# together COMMAND...: as many processes as there are cores, each told which share it is: 0 N, 1 N, ...
together() {
	processes=
	for share in $(seq 1 $((cores - 1))); do
		"$@" "$share" "$cores" &
		processes="$processes $!"
	done
	"$@" 0 "$cores"
	for process in $processes; do wait "$process"; done
}

# scans SET SEED RECORDINGS PURPOSE: a set out of the simulator.
scans() {
	together scans_share "$@"
}

scans_share() {
	node --import tsx $here/tensors.ts "$4" "$work/$1" "$2" "$3" "$5" "$6"
}

# clips WORLD STORE SEED CLIPS IMAGES
clips() {
	together clips_share "$@"
}

clips_share() {
	$python $here/draw_clips.py "$1" "$work/$2" --seed "$3" --clips "$4" --steps "$5" --share "$6" --of "$7" ${STILLS:+--stills "$STILLS"}
}

# recordings WORLD SET SEED RECORDINGS [OPTION...]
recordings() {
	world=$1 set=$2 seed=$3 count=$4
	shift 4
	$python $here/draw_set.py "$world" "$work/$set" --seed "$seed" --recordings "$count" "$@"
}

scans scans-train 1001 $recordings train
scans scans-validation 2002 $judged judge
scans scans-more 4004 $more judge
scans scans-unclosed 5005 $judged unclosed
scans scans-test 3003 $judged judge
clips sketch sketch-clips 11 $sketches 24
recordings sketch sketch-validation 32 $judged
recordings sketch sketch-test 34 $judged
learned="$work/scans-train=0.4 $work/sketch-clips=0.3"
validation="$work/scans-validation $work/sketch-validation"
test="$work/scans-test $work/sketch-test"
if [ -n "${STILLS:-}" ]; then
	clips stills stills-clips 12 $animated 36
	recordings stills stills-validation 31 $judged --stills "$STILLS" --part validation
	recordings stills stills-test 33 $judged --stills "$STILLS" --part test
	learned="$learned $work/stills-clips=0.3"
	validation="$validation $work/stills-validation"
	test="$test $work/stills-test"
fi

# The lists are meant to fall into words.
# shellcheck disable=SC2086
$python $here/train.py --configuration "$configuration" --learn $learned --validation $validation --judged 40 --out "$work/run" \
	--rounds $rounds --images $images --rows $rows --steps $steps --rate $rate --threads "${THREADS:-1}"
# shellcheck disable=SC2086
$python $here/calibrate.py --checkpoint "$work/run/network.pt" --validation $validation "$work/scans-more" "$work/scans-unclosed" --to "$work/run/calibration.json"
# shellcheck disable=SC2086
$python $here/evaluate.py --checkpoint "$work/run/network.pt" --calibration "$work/run/calibration.json" \
	--set $test --json "$work/run/test.json"
stills_line=${STILLS:+"Animated stills of real groins, seed 12, $animated clips of the part for training (Huang et al. 2019, MIT)"}
$python $here/export.py --checkpoint "$work/run/network.pt" --calibration "$work/run/calibration.json" \
	--golden "$work/scans-test" --package "$package" --version "$version" \
	--trained-on "Phlebox simulator, tensor set seed 1001, $recordings recordings (Apache-2.0, simulated)" \
	--trained-on "Sketched world, seed 11, $sketches clips (Apache-2.0, simulated)" \
	${stills_line:+--trained-on "$stills_line"}
