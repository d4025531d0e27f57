package dev.noir.boot;

import dev.noir.admin.Commands;
import dev.noir.admin.Health;
import dev.noir.eventlog.AbandonedRooms;
import dev.noir.grpc.NoirMail;
import dev.noir.redis.Cluster;
import dev.noir.whip.Sessions;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The whole of it. Thread: the server's deployer. */
@Dependent
final class NodeModule {
    private static final Logger LOG = System.getLogger(NodeModule.class.getName());

    /** Commands, too: other nodes ask from the start, and the doors are made with their first visitor. */
    @Produces
    @Singleton
    NoirNode node(
            Cluster cluster,
            AbandonedRooms abandoned,
            NodeDrain drain,
            Commands commands,
            NoirMail mail, // Which has no visitors.
            Sessions sessions, // For which other nodes ask, too.
            NativeGrpc grpc,
            ManagementBean bean, // There from the start, though nobody asks it for anything.
            Health health,
            Parts parts) {
        abandoned.start();
        LOG.log(Level.DEBUG, "{0} commands of management", commands.all().size());
        return new NoirNode(cluster, drain, grpc, health, parts);
    }
}
