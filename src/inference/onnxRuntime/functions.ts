/**
 * The functions of ONNX Runtime's C API that the box calls: place in the table `OrtApi` and arguments. The table only
 * grows, so that places hold for every later version
 * (https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_c_api.h).
 * Handles and out parameters are `void *`. What returns `status` returns a pointer to an OrtStatus, 0 for success.
 */
export const functions = {
	getErrorMessage: [2, 'str', 'void *'],
	createEnv: [3, 'status', 'int', 'str', 'void *'],
	createSessionFromArray: [8, 'status', 'void *', 'void *', 'size_t', 'void *', 'void *'],
	createSessionOptions: [10, 'status', 'void *'],
	setSessionExecutionMode: [13, 'status', 'void *', 'int'],
	enableMemPattern: [16, 'status', 'void *'],
	enableCpuMemArena: [18, 'status', 'void *'],
	setSessionGraphOptimizationLevel: [23, 'status', 'void *', 'int'],
	setIntraOpNumThreads: [24, 'status', 'void *', 'int'],
	setInterOpNumThreads: [25, 'status', 'void *', 'int'],
	sessionGetInputCount: [30, 'status', 'void *', 'void *'],
	sessionGetOutputCount: [31, 'status', 'void *', 'void *'],
	sessionGetInputTypeInfo: [33, 'status', 'void *', 'size_t', 'void *'],
	sessionGetOutputTypeInfo: [34, 'status', 'void *', 'size_t', 'void *'],
	sessionGetInputName: [36, 'status', 'void *', 'size_t', 'void *', 'void *'],
	sessionGetOutputName: [37, 'status', 'void *', 'size_t', 'void *', 'void *'],
	createTensorWithData: [49, 'status', 'void *', 'void *', 'size_t', 'void *', 'size_t', 'int', 'void *'],
	castTypeInfoToTensorInfo: [55, 'status', 'void *', 'void *'],
	getTensorElementType: [60, 'status', 'void *', 'void *'],
	getDimensionsCount: [61, 'status', 'void *', 'void *'],
	getDimensions: [62, 'status', 'void *', 'void *', 'size_t'],
	createCpuMemoryInfo: [69, 'status', 'int', 'int', 'void *'],
	allocatorFree: [76, 'status', 'void *', 'void *'],
	getAllocatorWithDefaultOptions: [78, 'status', 'void *'],
	releaseStatus: [93, 'void', 'size_t'],
	releaseMemoryInfo: [94, 'void', 'void *'],
	releaseSession: [95, 'void', 'void *'],
	releaseValue: [96, 'void', 'void *'],
	releaseTypeInfo: [98, 'void', 'void *'],
	releaseSessionOptions: [100, 'void', 'void *'],
	addSessionConfigEntry: [130, 'status', 'void *', 'str', 'str'],
	runWithBinding: [133, 'status', 'void *', 'void *', 'void *'],
	createIoBinding: [134, 'status', 'void *', 'void *'],
	releaseIoBinding: [135, 'void', 'void *'],
	bindInput: [136, 'status', 'void *', 'str', 'void *'],
	bindOutput: [137, 'status', 'void *', 'str', 'void *'],
	appendTensorRt: [170, 'status', 'void *', 'void *'],
	createTensorRtOptions: [171, 'status', 'void *'],
	updateTensorRtOptions: [172, 'status', 'void *', 'str *', 'str *', 'size_t'],
	releaseTensorRtOptions: [174, 'void', 'void *'],
	appendCuda: [204, 'status', 'void *', 'void *'],
	createCudaOptions: [205, 'status', 'void *'],
	updateCudaOptions: [206, 'status', 'void *', 'str *', 'str *', 'size_t'],
	releaseCudaOptions: [208, 'void', 'void *'],
} as const satisfies Record<string, readonly [place: number, result: 'status' | 'str' | 'void', ...string[]]>;

export type FunctionName = keyof typeof functions;

/** The functions that return a status. */
export type StatusFunction = {
	[Name in FunctionName]: (typeof functions)[Name][1] extends 'status' ? Name : never;
}[FunctionName];

/** The functions that free what others made. */
export type ReleaseFunction = {
	[Name in FunctionName]: (typeof functions)[Name][1] extends 'void' ? Name : never;
}[FunctionName];

/** Every place above exists from this version of the API on (ONNX Runtime 1.16). */
export const lowestApiVersion = 16;
