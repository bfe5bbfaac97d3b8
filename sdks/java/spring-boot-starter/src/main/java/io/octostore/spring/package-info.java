/** OctoStore in Spring Boot: methods under distributed locks, single runs of scheduled jobs, and leader election. */
package io.octostore.spring;
