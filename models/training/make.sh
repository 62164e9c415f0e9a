#!/bin/sh
# From nothing to the sealed package: sh models/training/make.sh WORK_FOLDER VERSION, from the project's root.
# PYTHON names the interpreter, GLANCES, WALKS and THREADS the training. Started again, it goes on where it stopped.
set -eu
work=${1:?give a folder for sets and checkpoints}
version=${2:?give the version of the package, such as 0.1.0}
python=${PYTHON:-/usr/bin/python3}
here=models/training
package=models/phlebox-dual
# OpenMP threads that wait by spinning take the cores from the others.
export OMP_WAIT_POLICY=PASSIVE PYTHONDONTWRITEBYTECODE=1

draw() {
	node --import tsx $here/tensors.ts "$4" "$work/$1" "$2" "$3" 0 2 &
	other=$!
	node --import tsx $here/tensors.ts "$4" "$work/$1" "$2" "$3" 1 2
	wait $other
}

draw train 1001 1000 train
draw validation 2002 75 judge
draw test 3003 100 judge
$python $here/train.py --train "$work/train" --validation "$work/validation" --out "$work/run" \
	--glances "${GLANCES:-14}" --walks "${WALKS:-0}" --threads "${THREADS:-1}"
$python $here/calibrate.py --checkpoint "$work/run/best.pt" --validation "$work/validation" --to "$work/run/calibration.json"
$python $here/evaluate.py --checkpoint "$work/run/best.pt" --calibration "$work/run/calibration.json" \
	--set "$work/test" --json "$work/run/test.json"
$python $here/export.py --checkpoint "$work/run/best.pt" --calibration "$work/run/calibration.json" \
	--golden "$work/test" --package $package --version "$version" \
	--trained-on "Phlebox simulator, tensor set seed 1001, 1000 recordings (Apache-2.0, simulated)" \
	--trained-on "Phlebox simulator, tensor set seed 2002, 75 recordings, for calibration and thresholds (Apache-2.0, simulated)"
node --import tsx $here/seal.ts $package
