package dev.petiole.scheduler.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param noticeAfter how long a node may be away before somebody is told that it may be gone for good
@ConfigurationProperties("petiole.nodes")
public record NodeNoticeProperties(@DefaultValue("5m") Duration noticeAfter) {}
