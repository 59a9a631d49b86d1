import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // Our own components speak runes; packages may still be of the older form.
    runes: true,
    css: 'external',
    // Element by element instead of through innerHTML: the pages run under Trusted Types.
    fragments: 'tree',
  },
};
