import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import '@fontsource-variable/noto-sans-arabic/wght.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';

const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no #app');

mount(App, { target: place });
