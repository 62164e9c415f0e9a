/** Execution providers that the box knows. */
export const providerNames = ['cpu', 'cuda', 'tensorrt'] as const;

export type ProviderName = (typeof providerNames)[number];
