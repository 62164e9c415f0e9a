import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { parseLabelSheet } from '../../src/recordingImport/labelSheet.ts';

const landmarks = ['sfj', 'fv', 'none'];
const parse = (text: string) => parseLabelSheet(text, 'my.csv', landmarks);

test('rows of frames and rows of ranges say the same', (t) => {
	const frames = parse('frame,landmark,vein\n0,sfj,open\n1,sfj,open\n2,sfj,closed\n');
	t.deepEqual(frames, parse('from,to,landmark,vein\n0,1,sfj,open\n2,2,sfj,closed\n'));
	t.deepEqual(frames[2], { landmark: 'sfj', vein: 'closed' });
	t.is(frames.length, 3);
});

test("a spreadsheet's mark, line ends and spaces do no harm", (t) => {
	t.deepEqual(parse('\uFEFFframe, landmark, vein\r\n0, fv , open\r\n\r\n'), [{ landmark: 'fv', vein: 'open' }]);
});

for (const [fault, text, words] of [
	['another head', 'time,label\n', /line 1: begins with "time,label"; expected frame,landmark,vein or from,to/],
	['nothing but a head', 'frame,landmark,vein\n', /no labels follow/],
	['nothing at all', '', /line 1: begins with ""/],
	['a first frame of 1', 'frame,landmark,vein\n1,sfj,open\n', /line 2: frame 0 has no label; frames count from 0/],
	['a gap', 'from,to,landmark,vein\n0,9,sfj,open\n15,20,sfj,open\n', /line 3: frames 10 to 14 have no label/],
	['an overlap', 'from,to,landmark,vein\n0,9,sfj,open\n9,20,sfj,open\n', /line 3: frame 9 has a label already/],
	['a range backwards', 'from,to,landmark,vein\n9,0,sfj,open\n', /line 2: 9 to 0 are no frames/],
	['a range without end', 'from,to,landmark,vein\n0,99999999,sfj,open\n', /line 2: 0 to 99999999 are no frames/],
	['a frame that is no number', 'frame,landmark,vein\nx,sfj,open\n', /line 2: x are no frames/],
	['an unknown landmark', 'frame,landmark,vein\n0,sjf,open\n', /landmark "sjf" is unknown; known are sfj, fv, none/],
	['an unknown vein state', 'frame,landmark,vein\n0,sfj,shut\n', /vein "shut" is unknown; known are open, closing/],
	['a missing column', 'frame,landmark,vein\n0,sfj\n', /line 2: "0,sfj" has 2 columns/],
	['a column too many', 'frame,landmark,vein\n0,sfj,open,x\n', /line 2: "0,sfj,open,x" has 4 columns/],
] as const)
	test(`labels with ${fault} are refused in one line that names file and line`, (t) => {
		const error = t.throws(() => parse(text), { instanceOf: PhleboxError });
		t.is(error.code, 'set-invalid');
		t.regex(error.message, words);
		t.true(error.message.startsWith('my.csv: line '));
		t.false(error.message.includes('\n'));
	});
