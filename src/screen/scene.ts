/**
 * What the screen shows, judged inside the scan area.
 * - `live` a running scan; `frozen` the scan stands (the operator pressed freeze); `colour` colour Doppler; `dual` two
 *   halves; `not-ultrasound` something else fills the area; `layout-changed` the scan area no longer fits the screen;
 *   `no-roi` no scan area found yet.
 */
export const scenes = ['live', 'frozen', 'colour', 'dual', 'not-ultrasound', 'layout-changed', 'no-roi'] as const;
export type Scene = (typeof scenes)[number];
