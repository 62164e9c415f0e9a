import { z } from 'zod';
import { recordingDefaults } from '../capture/recording/options.ts';
import { v4l2Defaults } from '../capture/v4l2/options.ts';
import { wireFormatNames } from '../capture/v4l2/wireFormats.ts';

const milliseconds = z.number().positive();

export const captureSchema = z.strictObject({
	source: z
		.enum(['v4l2', 'recording', 'simulator'])
		.default('v4l2')
		.describe('Where frames come from: a capture device, a recording, or the ultrasound simulator.'),
	frameDeadlineMs: milliseconds
		.min(20)
		.max(1000)
		.default(100)
		.describe('Longest wait for a frame in one turn of the vision loop.'),
	v4l2: z
		.strictObject({
			device: z.string().default(v4l2Defaults.device).describe('Capture device.'),
			width: z
				.int()
				.min(16)
				.max(3840)
				.nullable()
				.default(null)
				.describe('Width to ask for; null takes what the input has.'),
			height: z
				.int()
				.min(16)
				.max(2160)
				.nullable()
				.default(null)
				.describe('Height to ask for; null takes what the input has.'),
			pixelFormats: z
				.array(z.enum(wireFormatNames))
				.min(1)
				.default([...wireFormatNames])
				.describe('Pixel formats in the order in which they are tried.'),
			buffers: z.int().min(2).max(4).default(v4l2Defaults.buffers).describe('Buffers the driver fills in turn.'),
			reopenMs: milliseconds
				.default(v4l2Defaults.reopenMs)
				.describe('Time between two tries to open the device after a fault.'),
			stuckMs: milliseconds
				.default(v4l2Defaults.stuckMs)
				.describe('No new frame for this long is the signal state `stuck`.'),
			firstFrameMs: milliseconds
				.default(v4l2Defaults.firstFrameMs)
				.describe('The same for the first frame after the start, for which cameras take their time.'),
			staleMs: milliseconds
				.default(v4l2Defaults.staleMs)
				.describe('A buffer that lay full for longer than this is passed over.'),
			queryMs: milliseconds
				.default(v4l2Defaults.queryMs)
				.describe('How often the input is asked whether its signal still stands.'),
			copy: z
				.boolean()
				.default(v4l2Defaults.copy)
				.describe('Copy each frame out of the driver’s memory first; for boards where reading that memory is slow.'),
			edid: z
				.boolean()
				.default(v4l2Defaults.edid)
				.describe('Offer the source the modes this box wants (EDID), where the driver lets it be written.'),
		})
		.prefault({}),
	recording: z
		.strictObject({
			file: z.string().default('').describe('The recording: .y4m by itself, anything else through ffmpeg.'),
			pace: z
				.enum(['realtime', 'fast'])
				.default('realtime')
				.describe('At the recording’s own rate, or as fast as it goes.'),
			loop: z.boolean().default(true).describe('Start again at its end.'),
			stillSeconds: z.number().positive().max(3600).default(3).describe('How long a still picture is shown.'),
			fallbackFps: z
				.number()
				.positive()
				.max(240)
				.default(recordingDefaults.fallbackFps)
				.describe('Frames a second of a recording that does not say them.'),
			decoderMs: milliseconds
				.default(recordingDefaults.decoderMs)
				.describe('How long ffmpeg may take to its first picture, or stand still later.'),
		})
		.prefault({}),
	simulator: z
		.strictObject({
			seed: z.int().min(0).max(0xffff_ffff).default(1).describe('Same seed, same pictures.'),
			layout: z.string().default('any').describe('Screen layout; `any` lets the seed choose.'),
			width: z.int().min(320).max(1920).default(1024).describe('Width of the simulated screen.'),
			height: z.int().min(240).max(1080).default(768).describe('Height of the simulated screen.'),
			hdmiHz: z.number().min(10).max(60).default(60).describe('Frames a second on the simulated cable.'),
			scannerHz: z.number().min(5).max(60).default(25).describe('New images a second; the frames between repeat them.'),
		})
		.prefault({}),
});
