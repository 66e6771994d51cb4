// A page whose parts are read again when something has happened: by `hx-trigger="… from:#news"`, never by this script.

import { follow } from "./connection.js";

const news = document.getElementById("news");
const readAgain = () => news.dispatchEvent(new Event("refresh"));

follow(news, readAgain);
