import { runningRule } from './facts/running.js';

export default runningRule('backend', 'running-backend');
