import { defineConfig } from 'vite'

// One stylesheet and one module for every page; Django serves them from the app's static folder.
export default defineConfig({
  publicDir: 'frontend/public',
  build: {
    outDir: 'src/yiwang/platform/ui/static/yw',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: ['chrome99', 'safari15.4', 'firefox97'],
    rollupOptions: {
      input: 'frontend/main.js',
      output: { entryFileNames: 'yw.js', assetFileNames: 'yw[extname]' },
    },
  },
})
