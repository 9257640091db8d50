import { runningRule } from './facts/running.js';

export default runningRule('frontend', 'running-frontend');
